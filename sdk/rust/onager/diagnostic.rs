// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::element;
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::{Error, Result};
use crate::parameter::{erased, Parameter};
use std::ffi::{c_void, CString};
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::{null, null_mut};

/// The run after a round's fit or a step; see onager_view for the names of arrays.
pub struct View(*const onager_view);

/// An array of a view, of whichever number type.
pub struct ViewArray(onager_array);

impl ViewArray {
    pub fn rows(&self) -> usize {
        self.0.rows as usize
    }
    pub fn cols(&self) -> usize {
        self.0.cols as usize
    }
    pub fn at(&self, i: usize, j: usize) -> f64 {
        assert!(i < self.rows() && j < self.cols());
        unsafe { element(&self.0, i, j) }
    }
}

impl View {
    /// The round, or how many steps were made.
    pub fn round(&self) -> i64 {
        unsafe { (*self.0).round }
    }
    /// The array of that name, or None when this run has none.
    pub fn find(&self, name: &str) -> Result<Option<ViewArray>> {
        let name = CString::new(name).map_err(|_| Error::invalid("a name has a zero byte"))?;
        let mut out = onager_array {
            struct_size: size_of::<onager_array>() as u32,
            dtype: 0,
            data: null_mut(),
            rows: 0,
            cols: 0,
            row_stride: 0,
            col_stride: 0,
        };
        match unsafe { ((*self.0).array)(self.0, name.as_ptr(), &mut out) } {
            ONAGER_OK => Ok(Some(ViewArray(out))),
            ONAGER_NOT_FOUND => Ok(None),
            status => Err(Error { status, reason: None }),
        }
    }
    /// The same where the diagnostic cannot do without it.
    pub fn need(&self, name: &str) -> Result<ViewArray> {
        self.find(name)?
            .ok_or_else(|| Error::new(ONAGER_NOT_FOUND, format!("this run has no {name}")))
    }
}

/// Numbers of a run, after every round or step. Results go through Host::emit.
pub trait Diagnostic: Component {
    fn observe(&mut self, view: &View) -> Result<()>;
}

struct Calls<G>(G);

impl<G: Diagnostic> Calls<G> {
    unsafe extern "C" fn observe(p: *mut c_void, view: *const onager_view) -> onager_status {
        Instance::<G>::call_alone(p, |diagnostic| diagnostic.observe(&View(view)))
    }
    const TABLE: onager_diagnostic = onager_diagnostic {
        struct_size: size_of::<onager_diagnostic>() as u32,
        reserved: 0,
        observe: Self::observe,
        finish: None,
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_DIAGNOSTIC) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn diagnostic<G: Diagnostic>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<G>, destroy: destroy::<G>, interface: Calls::<G>::interface };
    build("diagnostic", id, summary, parameters, functions)
}
