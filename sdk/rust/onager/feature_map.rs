// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::{with_dtype, Matrix, MatrixMut, Real};
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::{Error, Result};
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

/// x (n x d) -> phi(x) (n x e), row by row. A map that is fitted to the training samples sets FITS.
pub trait FeatureMap: Component {
    const FITS: bool = false;
    /// Before apply, in every round.
    fn fit<T: Real>(&mut self, _x: Matrix<T>, _y: Matrix<T>) -> Result<()> {
        Ok(())
    }
    /// e for a given d.
    fn output_dimension(&self, d: i64) -> Result<i64>;
    fn apply<T: Real>(&self, x: Matrix<T>, out: MatrixMut<T>) -> Result<()>;
    /// Row i of out (n x d): J(x_i)' g_i for gradients g (n x e).
    fn pullback<T: Real>(&self, x: Matrix<T>, g: Matrix<T>, out: MatrixMut<T>) -> Result<()>;
}

struct Calls<F>(F);

impl<F: FeatureMap> Calls<F> {
    unsafe extern "C" fn fit(p: *mut c_void, x: *const onager_array, y: *const onager_array) -> onager_status {
        Instance::<F>::call_alone(p, |map| {
            with_dtype!(x, T => map.fit::<T>(Matrix::of(x)?, Matrix::of(y)?))
        })
    }
    unsafe extern "C" fn output_dimension(p: *const c_void, d: i64) -> i64 {
        let mut e = -1;
        let status = Instance::<F>::call(p, |map| {
            e = map.output_dimension(d)?;
            if e < 1 {
                return Err(Error::invalid(format!("the map has {e} outputs for {d} features")));
            }
            Ok(())
        });
        if status == ONAGER_OK { e } else { -1 }
    }
    unsafe extern "C" fn apply(p: *const c_void, x: *const onager_array, out: *mut onager_array) -> onager_status {
        Instance::<F>::call(p, |map| {
            with_dtype!(x, T => map.apply::<T>(Matrix::of(x)?, MatrixMut::of(out)?))
        })
    }
    unsafe extern "C" fn pullback(
        p: *const c_void,
        x: *const onager_array,
        g: *const onager_array,
        out: *mut onager_array,
    ) -> onager_status {
        Instance::<F>::call(p, |map| {
            with_dtype!(x, T => map.pullback::<T>(
                Matrix::of(x)?, Matrix::of(g)?, MatrixMut::of(out)?))
        })
    }
    const TABLE: onager_feature_map = onager_feature_map {
        struct_size: size_of::<onager_feature_map>() as u32,
        reserved: 0,
        fit: if F::FITS { Some(Self::fit) } else { None },
        output_dimension: Self::output_dimension,
        apply: Self::apply,
        pullback: Some(Self::pullback),
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_FEATURE_MAP) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn feature_map<F: FeatureMap>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<F>, destroy: destroy::<F>, interface: Calls::<F>::interface };
    build("feature_map", id, summary, parameters, functions)
}
