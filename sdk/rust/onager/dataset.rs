// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::{with_dtype, MatrixMut, Real};
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::Result;
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Train,
    Test,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Regression,
    Classification,
}

pub struct Sizes {
    pub task: Task,
    pub train: i64,
    pub test: i64,
    pub features: i64,
    pub outputs: i64,
}

/// Training and test samples.
pub trait Dataset: Component {
    /// Once, before the rest.
    fn describe(&mut self) -> Result<Sizes>;
    /// Samples first .. first + x.rows - 1 of a split, the same whichever of them are asked for.
    fn fill<T: Real>(&mut self, split: Split, first: usize, x: MatrixMut<T>, y: MatrixMut<T>) -> Result<()>;
}

struct Calls<D>(D);

impl<D: Dataset> Calls<D> {
    unsafe extern "C" fn describe(p: *mut c_void, out: *mut onager_dataset_info) -> onager_status {
        Instance::<D>::call_alone(p, |data| {
            let sizes = data.describe()?;
            let out = &mut *out;
            out.task = match sizes.task {
                Task::Regression => ONAGER_REGRESSION,
                Task::Classification => ONAGER_CLASSIFICATION,
            };
            out.train_samples = sizes.train;
            out.test_samples = sizes.test;
            out.features = sizes.features;
            out.outputs = sizes.outputs;
            Ok(())
        })
    }
    unsafe extern "C" fn fill(
        p: *mut c_void,
        split: u32,
        first: i64,
        x: *mut onager_array,
        y: *mut onager_array,
    ) -> onager_status {
        let split = if split == ONAGER_TRAIN { Split::Train } else { Split::Test };
        Instance::<D>::call_alone(p, |data| {
            with_dtype!(x, T => data.fill::<T>(
                split, first as usize, MatrixMut::of(x)?, MatrixMut::of(y)?))
        })
    }
    const TABLE: onager_dataset = onager_dataset {
        struct_size: size_of::<onager_dataset>() as u32,
        reserved: 0,
        describe: Self::describe,
        fill: Self::fill,
        output_name: None,
        feature_group: None,
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_DATASET) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn dataset<D: Dataset>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<D>, destroy: destroy::<D>, interface: Calls::<D>::interface };
    build("dataset", id, summary, parameters, functions)
}
