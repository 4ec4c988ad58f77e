// SPDX-License-Identifier: MIT
//! onager/abi.h in Rust: the same names, and the rules and meanings that the header gives them.
//! A function that may be NULL is an Option.
#![allow(non_camel_case_types)]

use std::ffi::c_void;
use std::os::raw::c_char;

pub const ONAGER_ABI_MAJOR: u32 = 1;
pub const ONAGER_ABI_MINOR: u32 = 0;
pub const ONAGER_MAGIC: u64 = 0x3150_5245_4741_4E4F;

pub type onager_status = i32;
pub type onager_dtype = u32;
pub type onager_parameter_type = u32;

pub const ONAGER_OK: onager_status = 0;
pub const ONAGER_INVALID: onager_status = 1;
pub const ONAGER_UNSUPPORTED: onager_status = 2;
pub const ONAGER_NO_MEMORY: onager_status = 3;
pub const ONAGER_IO: onager_status = 4;
pub const ONAGER_NUMERICAL: onager_status = 5;
pub const ONAGER_CANCELLED: onager_status = 6;
pub const ONAGER_NOT_FOUND: onager_status = 7;
pub const ONAGER_INTERNAL: onager_status = 99;
pub const ONAGER_FLOAT32: u32 = 1;
pub const ONAGER_FLOAT64: u32 = 2;
pub const ONAGER_INT64: u32 = 3;
pub const ONAGER_BOOLEAN: u32 = 1;
pub const ONAGER_INTEGER: u32 = 2;
pub const ONAGER_REAL: u32 = 3;
pub const ONAGER_STRING: u32 = 4;
pub const ONAGER_CHOICE: u32 = 5;
pub const ONAGER_PATH: u32 = 6;
pub const ONAGER_INTEGER_LIST: u32 = 7;
pub const ONAGER_REAL_LIST: u32 = 8;
pub const ONAGER_STRING_LIST: u32 = 9;
pub const ONAGER_COMPONENT: u32 = 10;
pub const ONAGER_COMPONENT_LIST: u32 = 11;
pub const ONAGER_EXPRESSION: u32 = 12;
pub const ONAGER_REQUIRED: u32 = 1;
pub const ONAGER_MIN_OPEN: u32 = 2;
pub const ONAGER_MAX_OPEN: u32 = 4;
pub const ONAGER_LOG_DEBUG: i32 = 0;
pub const ONAGER_LOG_INFO: i32 = 1;
pub const ONAGER_LOG_WARNING: i32 = 2;
pub const ONAGER_FULL: i32 = 0;
pub const ONAGER_LOWER: i32 = 1;
pub const ONAGER_LARGEST: i32 = 0;
pub const ONAGER_SMALLEST: i32 = 1;
pub const ONAGER_MAGNITUDE: i32 = 2;
pub const ONAGER_AGOP_CENTERED: u32 = 1;
pub const ONAGER_AGOP_DIAGONAL: u32 = 2;
pub const ONAGER_TRAIN: u32 = 0;
pub const ONAGER_TEST: u32 = 1;
pub const ONAGER_REGRESSION: u32 = 0;
pub const ONAGER_CLASSIFICATION: u32 = 1;

// Names of interfaces and services, with the zero byte that C wants.
pub const ONAGER_RANDOM: &[u8] = b"onager.random/1\0";
pub const ONAGER_PARALLEL: &[u8] = b"onager.parallel/1\0";
pub const ONAGER_LINALG: &[u8] = b"onager.linalg/1\0";
pub const ONAGER_SPECTRUM: &[u8] = b"onager.spectrum/1\0";
pub const ONAGER_EMIT: &[u8] = b"onager.emit/1\0";
pub const ONAGER_KERNEL_RADIAL: &[u8] = b"onager.kernel.radial/1\0";
pub const ONAGER_KERNEL_DOT: &[u8] = b"onager.kernel.dot/1\0";
pub const ONAGER_KERNEL_BLOCK: &[u8] = b"onager.kernel.block/1\0";
pub const ONAGER_KERNEL_COMPOSITE: &[u8] = b"onager.kernel.composite/1\0";
pub const ONAGER_MODEL: &[u8] = b"onager.model/1\0";
pub const ONAGER_MODEL_TANGENT: &[u8] = b"onager.model.tangent/1\0";
pub const ONAGER_MODEL_TANGENT_KERNEL: &[u8] = b"onager.model.tangent_kernel/1\0";
pub const ONAGER_DERIVATIVES: &[u8] = b"onager.derivatives/1\0";
pub const ONAGER_LOSS: &[u8] = b"onager.loss/1\0";
pub const ONAGER_FEATURE_MAP: &[u8] = b"onager.feature_map/1\0";
pub const ONAGER_FEATURE_MAP_LINEAR: &[u8] = b"onager.feature_map.linear/1\0";
pub const ONAGER_FEATURE_MAP_LEARN: &[u8] = b"onager.feature_map.learn/1\0";
pub const ONAGER_STATE: &[u8] = b"onager.state/1\0";
pub const ONAGER_FACTS: &[u8] = b"onager.facts/1\0";
pub const ONAGER_DATASET: &[u8] = b"onager.dataset/1\0";
pub const ONAGER_OPTIMIZER_LINEAR: &[u8] = b"onager.optimizer.linear/1\0";
pub const ONAGER_OPTIMIZER_STEP: &[u8] = b"onager.optimizer.step/1\0";
pub const ONAGER_DIAGNOSTIC: &[u8] = b"onager.diagnostic/1\0";

pub type onager_task = Option<unsafe extern "C" fn(*mut c_void, i64, i32) -> onager_status>;
pub type onager_product = Option<unsafe extern "C" fn(*mut c_void, *const f64, *mut f64) -> onager_status>;
pub type onager_cotangent = Option<unsafe extern "C" fn(*mut c_void) -> onager_status>;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_array {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub data: *mut c_void,
    pub rows: i64,
    pub cols: i64,
    pub row_stride: i64,
    pub col_stride: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_parameter {
    pub struct_size: u32,
    pub r#type: onager_parameter_type,
    pub flags: u32,
    pub choice_count: u32,
    pub name: *const c_char,
    pub doc: *const c_char,
    pub unit: *const c_char,
    pub real_default: f64,
    pub real_min: f64,
    pub real_max: f64,
    pub integer_default: i64,
    pub integer_min: i64,
    pub integer_max: i64,
    pub text_default: *const c_char,
    pub choices: *const *const c_char,
    pub child_kind: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_child {
    pub struct_size: u32,
    pub reserved: u32,
    pub component: *const onager_component,
    pub instance: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_value {
    pub struct_size: u32,
    pub r#type: onager_parameter_type,
    pub name: *const c_char,
    pub is_default: u32,
    pub count: u32,
    pub integer: i64,
    pub real: f64,
    pub text: *const c_char,
    pub integers: *const i64,
    pub reals: *const f64,
    pub texts: *const *const c_char,
    pub children: *const onager_child,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_config {
    pub struct_size: u32,
    pub count: u32,
    pub value_stride: u32,
    pub reserved: u32,
    pub values: *const onager_value,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub context: *mut c_void,
    pub service: unsafe extern "C" fn(*const onager_host, *const c_char) -> *const c_void,
    pub log: unsafe extern "C" fn(*const onager_host, i32, *const c_char),
    pub set_error: unsafe extern "C" fn(*const onager_host, *const c_char),
    pub cancelled: unsafe extern "C" fn(*const onager_host) -> i32,
    pub progress: unsafe extern "C" fn(*const onager_host, f64, *const c_char),
    pub allocate: unsafe extern "C" fn(*const onager_host, u64) -> *mut c_void,
    pub release: unsafe extern "C" fn(*const onager_host, *mut c_void),
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_random {
    pub struct_size: u32,
    pub reserved: u32,
    pub bits: unsafe extern "C" fn(*const onager_host, u64, u64, i64, *mut u64),
    pub uniform: unsafe extern "C" fn(*const onager_host, u64, u64, i64, *mut f64),
    pub normal: unsafe extern "C" fn(*const onager_host, u64, u64, i64, *mut f64),
    pub permutation: unsafe extern "C" fn(*const onager_host, u64, i64, *mut i64),
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_parallel {
    pub struct_size: u32,
    pub reserved: u32,
    pub threads: unsafe extern "C" fn(*const onager_host) -> i32,
    pub run: unsafe extern "C" fn(*const onager_host, i64, onager_task, *mut c_void) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_linalg {
    pub struct_size: u32,
    pub reserved: u32,
    pub gemm: unsafe extern "C" fn(*const onager_host, f64, *const onager_array, i32, *const onager_array, i32, f64, *mut onager_array) -> onager_status,
    pub symmetric_eigen: unsafe extern "C" fn(*const onager_host, *mut onager_array, *mut onager_array) -> onager_status,
    pub cholesky: unsafe extern "C" fn(*const onager_host, *mut onager_array, *mut i64) -> onager_status,
    pub cholesky_solve: unsafe extern "C" fn(*const onager_host, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_spectrum {
    pub struct_size: u32,
    pub reserved: u32,
    pub extreme: unsafe extern "C" fn(*const onager_host, i64, onager_product, *mut c_void, i32, i64, f64, i64, *mut f64, *mut onager_array, *mut i64) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_emit {
    pub struct_size: u32,
    pub reserved: u32,
    pub scalar: unsafe extern "C" fn(*const onager_host, *const c_char, f64) -> onager_status,
    pub scalar_at: unsafe extern "C" fn(*const onager_host, i64, *const c_char, f64) -> onager_status,
    pub array: unsafe extern "C" fn(*const onager_host, *const c_char, *const onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_component {
    pub struct_size: u32,
    pub parameter_count: u32,
    pub parameter_stride: u32,
    pub reserved: u32,
    pub kind: *const c_char,
    pub id: *const c_char,
    pub summary: *const c_char,
    pub citation: *const c_char,
    pub parameters: *const onager_parameter,
    pub create: unsafe extern "C" fn(*const onager_host, *const onager_config, *mut *mut c_void) -> onager_status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub interface: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_radial_kernel {
    pub struct_size: u32,
    pub reserved: u32,
    pub evaluate_f64: unsafe extern "C" fn(*const c_void, i64, *const f64, *mut f64, *mut f64) -> onager_status,
    pub evaluate_f32: Option<unsafe extern "C" fn(*const c_void, i64, *const f32, *mut f32, *mut f32) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_dot_kernel {
    pub struct_size: u32,
    pub reserved: u32,
    pub evaluate_f64: unsafe extern "C" fn(*const c_void, i64, *const f64, *const f64, *const f64, *mut f64, *mut f64, *mut f64) -> onager_status,
    pub evaluate_f32: Option<unsafe extern "C" fn(*const c_void, i64, *const f32, *const f32, *const f32, *mut f32, *mut f32, *mut f32) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_block_kernel {
    pub struct_size: u32,
    pub reserved: u32,
    pub block: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub gradient: Option<unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_composite_kernel {
    pub struct_size: u32,
    pub reserved: u32,
    pub children: unsafe extern "C" fn(*const c_void, *mut *const onager_child) -> i64,
    pub combine_f64: unsafe extern "C" fn(*const c_void, i64, *const *const f64, *mut f64, *const *mut f64) -> onager_status,
    pub combine_f32: Option<unsafe extern "C" fn(*const c_void, i64, *const *const f32, *mut f32, *const *mut f32) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_model_part {
    pub struct_size: u32,
    pub reserved: u32,
    pub name: *const c_char,
    pub first: i64,
    pub rows: i64,
    pub cols: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_model {
    pub struct_size: u32,
    pub reserved: u32,
    pub prepare: unsafe extern "C" fn(*mut c_void, i64, i64, *mut i64) -> onager_status,
    pub initialise: unsafe extern "C" fn(*mut c_void, *mut onager_array) -> onager_status,
    pub forward: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub vjp: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *mut onager_array, onager_cotangent, *mut c_void, *const onager_array, *mut onager_array, *mut onager_array) -> onager_status,
    pub part: Option<unsafe extern "C" fn(*const c_void, i64, *mut onager_model_part) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_model_tangent {
    pub struct_size: u32,
    pub reserved: u32,
    pub jvp: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub hvp: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array, *mut onager_array) -> onager_status,
    pub second: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_model_tangent_kernel {
    pub struct_size: u32,
    pub reserved: u32,
    pub block: unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_derivatives {
    pub struct_size: u32,
    pub reserved: u32,
    pub jvp: unsafe extern "C" fn(*const onager_host, *const onager_child, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub hvp: unsafe extern "C" fn(*const onager_host, *const onager_child, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array, *mut onager_array) -> onager_status,
    pub second: unsafe extern "C" fn(*const onager_host, *const onager_child, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub tangent_kernel: unsafe extern "C" fn(*const onager_host, *const onager_child, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_loss {
    pub struct_size: u32,
    pub reserved: u32,
    pub evaluate: unsafe extern "C" fn(*const c_void, i64, *const onager_array, *const onager_array, *mut f64, *mut onager_array) -> onager_status,
    pub curvature: unsafe extern "C" fn(*const c_void, i64, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_feature_map {
    pub struct_size: u32,
    pub reserved: u32,
    pub fit: Option<unsafe extern "C" fn(*mut c_void, *const onager_array, *const onager_array) -> onager_status>,
    pub output_dimension: unsafe extern "C" fn(*const c_void, i64) -> i64,
    pub apply: unsafe extern "C" fn(*const c_void, *const onager_array, *mut onager_array) -> onager_status,
    pub pullback: Option<unsafe extern "C" fn(*const c_void, *const onager_array, *const onager_array, *mut onager_array) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_linear_map {
    pub struct_size: u32,
    pub reserved: u32,
    pub diagonal: unsafe extern "C" fn(*const c_void) -> i32,
    pub matrix: unsafe extern "C" fn(*const c_void, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_learning {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub context: *mut c_void,
    pub round: i64,
    pub samples: i64,
    pub dimension: i64,
    pub outputs: i64,
    pub agop: unsafe extern "C" fn(*const onager_learning, u32, *mut onager_array) -> onager_status,
    pub gradients: unsafe extern "C" fn(*const onager_learning, i64, i64, *mut onager_array) -> onager_status,
    pub array: unsafe extern "C" fn(*const onager_learning, *const c_char, *mut onager_array) -> onager_status,
    pub agop_of: unsafe extern "C" fn(*const onager_learning, u32, i64, *const i64, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_learning_map {
    pub struct_size: u32,
    pub reserved: u32,
    pub learn: unsafe extern "C" fn(*mut c_void, *const onager_learning) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_array_info {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub name: *const c_char,
    pub doc: *const c_char,
    pub rows: i64,
    pub cols: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_named_arrays {
    pub struct_size: u32,
    pub reserved: u32,
    pub describe: unsafe extern "C" fn(*const c_void, i64, *mut onager_array_info) -> onager_status,
    pub read: unsafe extern "C" fn(*const c_void, i64, *mut onager_array) -> onager_status,
    pub write: Option<unsafe extern "C" fn(*mut c_void, *const c_char, *const onager_array) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_dataset_info {
    pub struct_size: u32,
    pub task: u32,
    pub train_samples: i64,
    pub test_samples: i64,
    pub features: i64,
    pub outputs: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_feature_group {
    pub struct_size: u32,
    pub reserved: u32,
    pub name: *const c_char,
    pub first: i64,
    pub count: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_dataset {
    pub struct_size: u32,
    pub reserved: u32,
    pub describe: unsafe extern "C" fn(*mut c_void, *mut onager_dataset_info) -> onager_status,
    pub fill: unsafe extern "C" fn(*mut c_void, u32, i64, *mut onager_array, *mut onager_array) -> onager_status,
    pub output_name: Option<unsafe extern "C" fn(*const c_void, i64) -> *const c_char>,
    pub feature_group: Option<unsafe extern "C" fn(*const c_void, i64, *mut onager_feature_group) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_operator {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub context: *mut c_void,
    pub size: i64,
    pub memory: u64,
    pub diagonal: unsafe extern "C" fn(*const onager_operator, *mut onager_array) -> onager_status,
    pub block: unsafe extern "C" fn(*const onager_operator, i64, *const i64, i64, *const i64, *mut onager_array) -> onager_status,
    pub product: unsafe extern "C" fn(*const onager_operator, *const onager_array, *mut onager_array) -> onager_status,
    pub fill: unsafe extern "C" fn(*const onager_operator, i32, *mut onager_array) -> onager_status,
    pub part_product: unsafe extern "C" fn(*const onager_operator, i64, *const i64, i64, *const i64, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_linear_solver {
    pub struct_size: u32,
    pub reserved: u32,
    pub solve: unsafe extern "C" fn(*mut c_void, *const onager_operator, *const onager_array, *mut onager_array) -> onager_status,
    pub memory: Option<unsafe extern "C" fn(*const c_void, onager_dtype, i64, i64, u64) -> u64>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_objective {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub context: *mut c_void,
    pub parameters: i64,
    pub samples: i64,
    pub evaluate: unsafe extern "C" fn(*const onager_objective, *const onager_array, i64, *const i64, *mut f64, *mut onager_array) -> onager_status,
    pub hessian_product: unsafe extern "C" fn(*const onager_objective, *const onager_array, i64, *const i64, *const onager_array, *mut onager_array) -> onager_status,
    pub lambda: unsafe extern "C" fn(*const onager_objective, *const onager_array, i64, *const i64, f64, *mut f64) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_step {
    pub struct_size: u32,
    pub reserved: u32,
    pub batch: i64,
    pub samples: *const i64,
    pub loss: f64,
    pub learning_rate: f64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_step_optimizer {
    pub struct_size: u32,
    pub reserved: u32,
    pub begin: unsafe extern "C" fn(*mut c_void, *const onager_objective, *mut i64) -> onager_status,
    pub step: unsafe extern "C" fn(*mut c_void, *const onager_objective, i64, *mut onager_array, *mut onager_step) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_network {
    pub struct_size: u32,
    pub dtype: onager_dtype,
    pub context: *mut c_void,
    pub parameters: i64,
    pub samples: i64,
    pub features: i64,
    pub outputs: i64,
    pub objective: *const onager_objective,
    pub last: *const onager_step,
    pub part: unsafe extern "C" fn(*const onager_network, i64, *mut onager_model_part) -> onager_status,
    pub forward: unsafe extern "C" fn(*const onager_network, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub vjp: unsafe extern "C" fn(*const onager_network, *const onager_array, *const onager_array, *const onager_array, *mut onager_array, *mut onager_array) -> onager_status,
    pub jvp: unsafe extern "C" fn(*const onager_network, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
    pub hvp: unsafe extern "C" fn(*const onager_network, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *const onager_array, *mut onager_array, *mut onager_array) -> onager_status,
    pub tangent_kernel: unsafe extern "C" fn(*const onager_network, *const onager_array, *const onager_array, *const onager_array, *mut onager_array) -> onager_status,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_view {
    pub struct_size: u32,
    pub reserved: u32,
    pub context: *mut c_void,
    pub round: i64,
    pub array: unsafe extern "C" fn(*const onager_view, *const c_char, *mut onager_array) -> onager_status,
    pub group_count: unsafe extern "C" fn(*const onager_view) -> i64,
    pub group: unsafe extern "C" fn(*const onager_view, i64, *mut onager_feature_group) -> onager_status,
    pub network: *const onager_network,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_diagnostic {
    pub struct_size: u32,
    pub reserved: u32,
    pub observe: unsafe extern "C" fn(*mut c_void, *const onager_view) -> onager_status,
    pub finish: Option<unsafe extern "C" fn(*mut c_void, *const onager_view) -> onager_status>,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct onager_plugin {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub abi_minor_needed: u32,
    pub magic: u64,
    pub id: *const c_char,
    pub version: *const c_char,
    pub vendor: *const c_char,
    pub licence: *const c_char,
    pub url: *const c_char,
    pub build: *const c_char,
    pub component_count: u32,
    pub reserved: u32,
    pub components: *const *const onager_component,
}
