// SPDX-License-Identifier: MIT
//! Kernels of the distance: a function and its derivative, and the host makes the rest.
use crate::abi::*;
use crate::array::Real;
use crate::component::{asks_for, build, create, destroy, Built, Component, Functions, Instance};
use crate::parameter::{erased, Parameter};
use std::ffi::c_void;
use std::mem::size_of;
use std::os::raw::c_char;
use std::ptr::null;
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// k(x, z) = g(|x - z|²). Mark evaluate #[inline]: the loops over it then become SIMD code.
pub trait RadialKernel: Component {
    /// (g, dg/d(r²)) at r². At 0 the derivative may be anything.
    fn evaluate<T: Real>(&self, r2: T) -> (T, T);
}

#[inline(always)]
unsafe fn run<K: RadialKernel, T: Real>(kernel: &K, n: usize, r2: *const T, k: *mut T, slope: *mut T) {
    let r2 = from_raw_parts(r2, n);
    if slope.is_null() {
        for (k, &r2) in from_raw_parts_mut(k, n).iter_mut().zip(r2) {
            *k = kernel.evaluate(r2).0;
        }
    } else if k.is_null() {
        for (slope, &r2) in from_raw_parts_mut(slope, n).iter_mut().zip(r2) {
            *slope = kernel.evaluate(r2).1;
        }
    } else {
        let (k, slope) = (from_raw_parts_mut(k, n), from_raw_parts_mut(slope, n));
        for ((k, slope), &r2) in k.iter_mut().zip(slope).zip(r2) {
            (*k, *slope) = kernel.evaluate(r2);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn run_avx2<K: RadialKernel, T: Real>(kernel: &K, n: usize, r2: *const T, k: *mut T, slope: *mut T) {
    run(kernel, n, r2, k, slope)
}

// The compiler has it since 1.89; the build says so.
#[cfg(all(target_arch = "x86_64", onager_avx512))]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")]
unsafe fn run_avx512<K: RadialKernel, T: Real>(kernel: &K, n: usize, r2: *const T, k: *mut T, slope: *mut T) {
    run(kernel, n, r2, k, slope)
}

/// In the widest form that this CPU has: one binary for every x86-64.
unsafe extern "C" fn evaluate<K: RadialKernel, T: Real>(
    instance: *const c_void,
    count: i64,
    r2: *const T,
    k: *mut T,
    slope: *mut T,
) -> onager_status {
    if count <= 0 {
        return ONAGER_OK;
    }
    Instance::<K>::call(instance, |kernel| {
        let n = count as usize;
        #[cfg(all(target_arch = "x86_64", onager_avx512))]
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
        {
            run_avx512(kernel, n, r2, k, slope);
            return Ok(());
        }
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            run_avx2(kernel, n, r2, k, slope);
            return Ok(());
        }
        run(kernel, n, r2, k, slope);
        Ok(())
    })
}

struct Calls<K>(K);

impl<K: RadialKernel> Calls<K> {
    const TABLE: onager_radial_kernel = onager_radial_kernel {
        struct_size: size_of::<onager_radial_kernel>() as u32,
        reserved: 0,
        evaluate_f64: evaluate::<K, f64>,
        evaluate_f32: Some(evaluate::<K, f32>),
    };
    unsafe extern "C" fn interface(_: *mut c_void, id: *const c_char) -> *const c_void {
        if asks_for(id, ONAGER_KERNEL_RADIAL) {
            return erased(&Self::TABLE);
        }
        null()
    }
}

pub fn radial_kernel<K: RadialKernel>(id: &str, summary: &str, parameters: Vec<Parameter>) -> Built {
    let functions =
        Functions { create: create::<K>, destroy: destroy::<K>, interface: Calls::<K>::interface };
    build("kernel", id, summary, parameters, functions)
}
