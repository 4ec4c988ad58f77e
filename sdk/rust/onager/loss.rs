// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::array::{with_dtype, Matrix, MatrixMut, Real};
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::error::Result;
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;

/// sum_i l(f_i, y_i) over samples of c outputs; `samples` is the number that the whole loss is over.
pub trait Loss: Component {
    /// The sum over the rows given, and dl/df where it is wanted.
    fn evaluate<T: Real>(
        &self,
        samples: usize,
        f: Matrix<T>,
        y: Matrix<T>,
        gradient: Option<MatrixMut<T>>,
    ) -> Result<f64>;
    /// Row i of out: (d²l/df²)(f_i, y_i) t_i
    fn curvature<T: Real>(
        &self,
        samples: usize,
        f: Matrix<T>,
        y: Matrix<T>,
        t: Matrix<T>,
        out: MatrixMut<T>,
    ) -> Result<()>;
}

struct Calls<L>(L);

impl<L: Loss> Calls<L> {
    unsafe extern "C" fn evaluate(
        p: *const c_void,
        samples: i64,
        f: *const onager_array,
        y: *const onager_array,
        value: *mut f64,
        gradient: *mut onager_array,
    ) -> onager_status {
        Instance::<L>::call(p, |loss| {
            with_dtype!(f, T => {
                let gradient = if gradient.is_null() { None } else { Some(MatrixMut::of(gradient)?) };
                let sum = loss.evaluate::<T>(
                    samples as usize, Matrix::of(f)?, Matrix::of(y)?, gradient)?;
                *value = sum;
                Ok(())
            })
        })
    }
    unsafe extern "C" fn curvature(
        p: *const c_void,
        samples: i64,
        f: *const onager_array,
        y: *const onager_array,
        t: *const onager_array,
        out: *mut onager_array,
    ) -> onager_status {
        Instance::<L>::call(p, |loss| {
            with_dtype!(f, T => loss.curvature::<T>(
                samples as usize, Matrix::of(f)?, Matrix::of(y)?,
                Matrix::of(t)?, MatrixMut::of(out)?))
        })
    }
    const TABLE: onager_loss = onager_loss {
        struct_size: size_of::<onager_loss>() as u32,
        reserved: 0,
        evaluate: Self::evaluate,
        curvature: Self::curvature,
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_LOSS) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn loss<L: Loss>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<L>, destroy: destroy::<L>, interface: Calls::<L>::interface };
    build("loss", id, summary, parameters, functions)
}
