// SPDX-License-Identifier: MIT
use crate::abi::{onager_array, ONAGER_FLOAT32, ONAGER_FLOAT64, ONAGER_INT64};
use crate::error::{Error, Result};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::size_of;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// f32 or f64: the run's precision.
pub trait Real:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    const DTYPE: u32;
    fn of(value: f64) -> Self;
    fn f64(self) -> f64;
    fn sqrt(self) -> Self;
}
impl Real for f32 {
    const DTYPE: u32 = ONAGER_FLOAT32;
    #[inline(always)]
    fn of(value: f64) -> f32 {
        value as f32
    }
    #[inline(always)]
    fn f64(self) -> f64 {
        self as f64
    }
    #[inline(always)]
    fn sqrt(self) -> f32 {
        f32::sqrt(self)
    }
}
impl Real for f64 {
    const DTYPE: u32 = ONAGER_FLOAT64;
    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }
}

/// A matrix that is read, of the run's precision, borrowed for a call.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    data: *const T,
    pub rows: usize,
    pub cols: usize,
    row_stride: isize,
    col_stride: isize,
    borrow: PhantomData<&'a T>,
}

/// A matrix that is written.
pub struct MatrixMut<'a, T> {
    data: *mut T,
    pub rows: usize,
    pub cols: usize,
    row_stride: isize,
    col_stride: isize,
    borrow: PhantomData<&'a mut T>,
}

impl<'a, T: Real> Matrix<'a, T> {
    /// The view of an array that lives as long as the call that gave it.
    pub(crate) unsafe fn of(array: *const onager_array) -> Result<Self> {
        let a = &*array;
        expect_type::<T>(a)?;
        Ok(Matrix {
            data: a.data as *const T,
            rows: a.rows as usize,
            cols: a.cols as usize,
            row_stride: a.row_stride as isize,
            col_stride: a.col_stride as isize,
            borrow: PhantomData,
        })
    }
    /// The numbers of a slice as rows of `cols`.
    pub fn from_slice(numbers: &'a [T], cols: usize) -> Self {
        Matrix {
            data: numbers.as_ptr(),
            rows: if cols == 0 { 0 } else { numbers.len() / cols },
            cols,
            row_stride: cols as isize,
            col_stride: 1,
            borrow: PhantomData,
        }
    }
    #[inline(always)]
    pub fn at(&self, i: usize, j: usize) -> T {
        assert!(i < self.rows && j < self.cols);
        unsafe { *self.data.offset(i as isize * self.row_stride + j as isize * self.col_stride) }
    }
    pub(crate) fn array(&self) -> onager_array {
        onager_array {
            struct_size: size_of::<onager_array>() as u32,
            dtype: T::DTYPE,
            data: self.data as *mut c_void,
            rows: self.rows as i64,
            cols: self.cols as i64,
            row_stride: self.row_stride as i64,
            col_stride: self.col_stride as i64,
        }
    }
}

impl<'a, T: Real> MatrixMut<'a, T> {
    pub(crate) unsafe fn of(array: *mut onager_array) -> Result<Self> {
        let a = &*array;
        expect_type::<T>(a)?;
        Ok(MatrixMut {
            data: a.data as *mut T,
            rows: a.rows as usize,
            cols: a.cols as usize,
            row_stride: a.row_stride as isize,
            col_stride: a.col_stride as isize,
            borrow: PhantomData,
        })
    }
    pub fn from_slice(numbers: &'a mut [T], cols: usize) -> Self {
        MatrixMut {
            rows: if cols == 0 { 0 } else { numbers.len() / cols },
            data: numbers.as_mut_ptr(),
            cols,
            row_stride: cols as isize,
            col_stride: 1,
            borrow: PhantomData,
        }
    }
    #[inline(always)]
    pub fn at(&self, i: usize, j: usize) -> T {
        assert!(i < self.rows && j < self.cols);
        unsafe { *self.data.offset(i as isize * self.row_stride + j as isize * self.col_stride) }
    }
    #[inline(always)]
    pub fn set(&mut self, i: usize, j: usize, value: T) {
        assert!(i < self.rows && j < self.cols);
        unsafe {
            *self.data.offset(i as isize * self.row_stride + j as isize * self.col_stride) = value
        }
    }
    pub(crate) fn array(&mut self) -> onager_array {
        onager_array {
            struct_size: size_of::<onager_array>() as u32,
            dtype: T::DTYPE,
            data: self.data as *mut c_void,
            rows: self.rows as i64,
            cols: self.cols as i64,
            row_stride: self.row_stride as i64,
            col_stride: self.col_stride as i64,
        }
    }
}

fn expect_type<T: Real>(a: &onager_array) -> Result<()> {
    if a.dtype == T::DTYPE {
        return Ok(());
    }
    Err(Error::invalid("an array has another number type than this call expects"))
}

/// Element (i, j) of an array of any type.
pub(crate) unsafe fn element(a: &onager_array, i: usize, j: usize) -> f64 {
    let at = i as isize * a.row_stride as isize + j as isize * a.col_stride as isize;
    match a.dtype {
        ONAGER_FLOAT32 => *(a.data as *const f32).offset(at) as f64,
        ONAGER_INT64 => *(a.data as *const i64).offset(at) as f64,
        _ => *(a.data as *const f64).offset(at),
    }
}

/// Runs $work with the type T = f32 or f64 of an array. For use in unsafe functions.
macro_rules! with_dtype {
    ($array:expr, $T:ident => $work:expr) => {
        match (*$array).dtype {
            $crate::abi::ONAGER_FLOAT32 => {
                type $T = f32;
                $work
            }
            $crate::abi::ONAGER_FLOAT64 => {
                type $T = f64;
                $work
            }
            _ => Err($crate::Error::invalid("an array is neither float32 nor float64")),
        }
    };
}
pub(crate) use with_dtype;
