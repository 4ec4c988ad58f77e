// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::error::{guard, Result};
use crate::host::{Config, Host};
use crate::parameter::{forever, Parameter};
use std::ffi::{c_void, CStr};
use std::mem::size_of;
use std::os::raw::c_char;

/// What every component is.
pub trait Component: Sized {
    fn new(config: &Config, host: Host) -> Result<Self>;
}

/// What create() hands to the host: the component's object with its host.
pub(crate) struct Instance<C> {
    pub host: Host,
    pub object: C,
}

impl<C> Instance<C> {
    /// A call that may come from several threads at once.
    pub unsafe fn call(p: *const c_void, work: impl FnOnce(&C) -> Result<()>) -> onager_status {
        let instance = &*(p as *const Instance<C>);
        guard(instance.host.0, || work(&instance.object))
    }
    /// A call that comes alone.
    pub unsafe fn call_alone(p: *mut c_void, work: impl FnOnce(&mut C) -> Result<()>) -> onager_status {
        let instance = &mut *(p as *mut Instance<C>);
        let host = instance.host.0;
        guard(host, || work(&mut instance.object))
    }
}

pub(crate) unsafe extern "C" fn create<C: Component>(
    host: *const onager_host,
    config: *const onager_config,
    instance: *mut *mut c_void,
) -> onager_status {
    guard(host, || {
        let object = C::new(&Config::of(config), Host(host))?;
        *instance = Box::into_raw(Box::new(Instance { host: Host(host), object })) as *mut c_void;
        Ok(())
    })
}

pub(crate) unsafe extern "C" fn destroy<C>(instance: *mut c_void) {
    drop(Box::from_raw(instance as *mut Instance<C>));
}

/// A component as the host sees it, complete.
pub struct Built(&'static onager_component);

/// The functions of a component that know its type.
pub(crate) struct Functions {
    pub create: unsafe extern "C" fn(*const onager_host, *const onager_config, *mut *mut c_void) -> onager_status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub interface: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
}

pub(crate) fn build(
    kind: &str,
    id: &str,
    summary: &str,
    parameters: Vec<Parameter>,
    functions: Functions,
) -> Built {
    let rows: Vec<onager_parameter> = parameters.into_iter().map(|p| p.0).collect();
    let rows: &'static [onager_parameter] = Box::leak(rows.into_boxed_slice());
    Built(Box::leak(Box::new(onager_component {
        struct_size: size_of::<onager_component>() as u32,
        parameter_count: rows.len() as u32,
        parameter_stride: size_of::<onager_parameter>() as u32,
        reserved: 0,
        kind: forever(kind),
        id: forever(id),
        summary: forever(summary),
        citation: forever(""),
        parameters: rows.as_ptr(),
        create: functions.create,
        destroy: functions.destroy,
        interface: functions.interface,
    })))
}

impl Built {
    /// Where the method comes from.
    pub fn cite(self, citation: &str) -> Self {
        let mut row = *self.0;
        row.citation = forever(citation);
        Built(Box::leak(Box::new(row)))
    }
}

/// Whether the host asks for the interface of that name, which ends in a zero byte.
pub(crate) unsafe fn asks_for(id: *const c_char, name: &[u8]) -> bool {
    CStr::from_ptr(id).to_bytes_with_nul() == name
}

/// The description of a plugin, for the macro `plugin`, which calls this once.
pub fn publish(id: &str, version: &str, licence: &str, components: Vec<Built>) -> *const onager_plugin {
    let list: Vec<*const onager_component> = components.iter().map(|c| c.0 as *const _).collect();
    let list = Box::leak(list.into_boxed_slice());
    Box::leak(Box::new(onager_plugin {
        struct_size: size_of::<onager_plugin>() as u32,
        abi_major: ONAGER_ABI_MAJOR,
        abi_minor: ONAGER_ABI_MINOR,
        abi_minor_needed: 0,
        magic: ONAGER_MAGIC,
        id: forever(id),
        version: forever(version),
        vendor: forever(""),
        licence: forever(licence),
        url: forever(""),
        build: forever("rustc"),
        component_count: list.len() as u32,
        reserved: 0,
        components: list.as_ptr(),
    }))
}

/// Defines the library's entry: reverse-DNS id, version, licence (SPDX), list of components.
#[macro_export]
macro_rules! plugin {
    ($id:expr, $version:expr, $licence:expr, [$($component:expr),* $(,)?]) => {
        #[no_mangle]
        pub extern "C" fn onager_plugin_entry() -> *const $crate::abi::onager_plugin {
            use std::sync::atomic::{AtomicPtr, Ordering};
            use std::sync::Once;
            static BUILD: Once = Once::new();
            static PLUGIN: AtomicPtr<$crate::abi::onager_plugin> =
                AtomicPtr::new(std::ptr::null_mut());
            BUILD.call_once(|| {
                let made = $crate::publish($id, $version, $licence, vec![$($component),*]);
                PLUGIN.store(made as *mut _, Ordering::Release);
            });
            PLUGIN.load(Ordering::Acquire)
        }
    };
}
