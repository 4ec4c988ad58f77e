// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::{with_dtype, Matrix, MatrixMut, Real};
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::{check, Result};
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

/// f(w; x) over a batch x (n x d), with all parameters in one column w (p x 1) and c outputs. What
/// it does not offer, such as Hessian products, the host takes by differences.
pub trait Model: Component {
    /// Once, for the sizes of the data; returns p.
    fn prepare(&mut self, features: usize, outputs: usize) -> Result<usize>;
    /// Parameters to start from, the same in every call.
    fn initialise<T: Real>(&mut self, w: MatrixMut<T>) -> Result<()>;
    /// out (n x c) <- f(w; x)
    fn forward<T: Real>(&self, w: Matrix<T>, x: Matrix<T>, out: MatrixMut<T>) -> Result<()>;
    /// w_out (p x 1) <- sum_i J_i' v_i and row i of x_out (n x d) <- X_i' v_i, where wanted, for
    /// the derivatives J_i and X_i of f by w and x_i, and f (n x c) as forward gave it.
    fn vjp<T: Real>(
        &self,
        w: Matrix<T>,
        x: Matrix<T>,
        f: Matrix<T>,
        v: Matrix<T>,
        w_out: Option<MatrixMut<T>>,
        x_out: Option<MatrixMut<T>>,
    ) -> Result<()>;
}

struct Calls<M>(M);

unsafe fn optional<'a, T: Real>(array: *mut onager_array) -> Result<Option<MatrixMut<'a, T>>> {
    if array.is_null() {
        return Ok(None);
    }
    Ok(Some(MatrixMut::of(array)?))
}

impl<M: Model> Calls<M> {
    unsafe extern "C" fn prepare(
        p: *mut c_void,
        features: i64,
        outputs: i64,
        parameters: *mut i64,
    ) -> onager_status {
        Instance::<M>::call_alone(p, |model| {
            let count = model.prepare(features as usize, outputs as usize)?;
            *parameters = count as i64;
            Ok(())
        })
    }
    unsafe extern "C" fn initialise(p: *mut c_void, w: *mut onager_array) -> onager_status {
        Instance::<M>::call_alone(p, |model| {
            with_dtype!(w, T => model.initialise::<T>(MatrixMut::of(w)?))
        })
    }
    unsafe extern "C" fn forward(
        p: *const c_void,
        w: *const onager_array,
        x: *const onager_array,
        out: *mut onager_array,
    ) -> onager_status {
        Instance::<M>::call(p, |model| {
            with_dtype!(w, T => model.forward::<T>(
                Matrix::of(w)?, Matrix::of(x)?, MatrixMut::of(out)?))
        })
    }
    unsafe extern "C" fn vjp(
        p: *const c_void,
        w: *const onager_array,
        x: *const onager_array,
        f: *mut onager_array,
        cotangent: onager_cotangent,
        argument: *mut c_void,
        v: *const onager_array,
        w_out: *mut onager_array,
        x_out: *mut onager_array,
    ) -> onager_status {
        Instance::<M>::call(p, |model| {
            with_dtype!(w, T => {
                let (weights, inputs) = (Matrix::<T>::of(w)?, Matrix::<T>::of(x)?);
                model.forward::<T>(weights, inputs, MatrixMut::of(f)?)?;
                // v is only known now
                if let Some(function) = cotangent {
                    check(function(argument))?;
                }
                model.vjp::<T>(weights, inputs, Matrix::of(f)?, Matrix::of(v)?,
                    optional(w_out)?, optional(x_out)?)
            })
        })
    }
    const TABLE: onager_model = onager_model {
        struct_size: size_of::<onager_model>() as u32,
        reserved: 0,
        prepare: Self::prepare,
        initialise: Self::initialise,
        forward: Self::forward,
        vjp: Self::vjp,
        part: None,
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_MODEL) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn model<M: Model>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<M>, destroy: destroy::<M>, interface: Calls::<M>::interface };
    build("model", id, summary, parameters, functions)
}
