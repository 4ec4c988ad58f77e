// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::{with_dtype, Matrix, MatrixMut, Real};
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::{check, Result};
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

/// The round's kernel matrix K; see onager_operator.
pub struct KernelOperator<'a, T> {
    raw: *const onager_operator,
    borrow: PhantomData<&'a T>,
}

impl<'a, T: Real> KernelOperator<'a, T> {
    pub fn size(&self) -> usize {
        unsafe { (*self.raw).size as usize }
    }
    /// out <- K v
    pub fn product(&self, v: Matrix<T>, mut out: MatrixMut<T>) -> Result<()> {
        let (from, mut to) = (v.array(), out.array());
        check(unsafe { ((*self.raw).product)(self.raw, &from, &mut to) })
    }
    pub fn diagonal(&self, mut out: MatrixMut<T>) -> Result<()> {
        let mut to = out.array();
        check(unsafe { ((*self.raw).diagonal)(self.raw, &mut to) })
    }
    /// out <- K: all of it, or with `lower` the part on and below the diagonal.
    pub fn fill(&self, lower: bool, mut out: MatrixMut<T>) -> Result<()> {
        let part = if lower { ONAGER_LOWER } else { ONAGER_FULL };
        let mut to = out.array();
        check(unsafe { ((*self.raw).fill)(self.raw, part, &mut to) })
    }
    /// out <- K[rows, cols]
    pub fn block(&self, rows: &[i64], cols: &[i64], mut out: MatrixMut<T>) -> Result<()> {
        let mut to = out.array();
        check(unsafe {
            ((*self.raw).block)(
                self.raw,
                rows.len() as i64,
                rows.as_ptr(),
                cols.len() as i64,
                cols.as_ptr(),
                &mut to,
            )
        })
    }
}

/// Solves (K + ridge I) solution = targets, or does what the method makes of it.
pub trait LinearSolver: Component {
    fn solve<T: Real>(&mut self, kernel: &KernelOperator<T>, targets: Matrix<T>, solution: MatrixMut<T>) -> Result<()>;
}

struct Calls<S>(S);

impl<S: LinearSolver> Calls<S> {
    unsafe extern "C" fn solve(
        p: *mut c_void,
        kernel: *const onager_operator,
        targets: *const onager_array,
        solution: *mut onager_array,
    ) -> onager_status {
        Instance::<S>::call_alone(p, |solver| {
            with_dtype!(targets, T => solver.solve::<T>(
                &KernelOperator { raw: kernel, borrow: PhantomData },
                Matrix::of(targets)?, MatrixMut::of(solution)?))
        })
    }
    const TABLE: onager_linear_solver = onager_linear_solver {
        struct_size: size_of::<onager_linear_solver>() as u32,
        reserved: 0,
        solve: Self::solve,
        memory: None,
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_OPTIMIZER_LINEAR) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn linear_solver<S: LinearSolver>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<S>, destroy: destroy::<S>, interface: Calls::<S>::interface };
    build("optimizer", id, summary, parameters, functions)
}
