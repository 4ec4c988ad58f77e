// SPDX-License-Identifier: MIT
use crate::abi::*;
use crate::error::{check, Error, Result};
use std::ffi::{CStr, CString};
use std::os::raw::c_char;

/// The validated parameters of one instance, by name.
pub struct Config(*const onager_config);

impl Config {
    pub(crate) fn of(raw: *const onager_config) -> Self {
        Config(raw)
    }
    fn find(&self, name: &str, kind: u32) -> Result<&onager_value> {
        unsafe {
            let config = &*self.0;
            for i in 0..config.count as usize {
                let at = (config.values as *const u8).add(i * config.value_stride as usize);
                let value = &*(at as *const onager_value);
                if value.r#type == kind && CStr::from_ptr(value.name).to_bytes() == name.as_bytes() {
                    return Ok(value);
                }
            }
        }
        Err(Error::new(
            ONAGER_INTERNAL,
            format!("no parameter '{name}' of that type is in the component's table"),
        ))
    }
    pub fn real(&self, name: &str) -> Result<f64> {
        Ok(self.find(name, ONAGER_REAL)?.real)
    }
    pub fn integer(&self, name: &str) -> Result<i64> {
        Ok(self.find(name, ONAGER_INTEGER)?.integer)
    }
    pub fn flag(&self, name: &str) -> Result<bool> {
        Ok(self.find(name, ONAGER_BOOLEAN)?.integer != 0)
    }
    pub fn text(&self, name: &str) -> Result<String> {
        self.string(name, ONAGER_STRING)
    }
    pub fn choice(&self, name: &str) -> Result<String> {
        self.string(name, ONAGER_CHOICE)
    }
    fn string(&self, name: &str, kind: u32) -> Result<String> {
        let text = unsafe { CStr::from_ptr(self.find(name, kind)?.text) };
        Ok(text.to_string_lossy().into_owned())
    }
}

/// Services of the host for one instance; valid as long as the instance.
#[derive(Clone, Copy)]
pub struct Host(pub(crate) *const onager_host);

// All calls of the table may come from any thread.
unsafe impl Send for Host {}
unsafe impl Sync for Host {}

impl Host {
    pub fn warn(&self, text: &str) {
        let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
        unsafe { ((*self.0).log)(self.0, ONAGER_LOG_WARNING, text.as_ptr()) }
    }
    pub fn stop_if_cancelled(&self) -> Result<()> {
        if unsafe { ((*self.0).cancelled)(self.0) } != 0 {
            return Err(Error::new(ONAGER_CANCELLED, "stopped on request"));
        }
        Ok(())
    }
    /// Standard normal numbers: a function of the run's seed, the component's place, the stream and
    /// the offset.
    pub fn normal(&self, stream: u64, offset: u64, out: &mut [f64]) -> Result<()> {
        let random: &onager_random = self.service(ONAGER_RANDOM)?;
        unsafe { (random.normal)(self.0, stream, offset, out.len() as i64, out.as_mut_ptr()) };
        Ok(())
    }
    pub fn uniform(&self, stream: u64, offset: u64, out: &mut [f64]) -> Result<()> {
        let random: &onager_random = self.service(ONAGER_RANDOM)?;
        unsafe { (random.uniform)(self.0, stream, offset, out.len() as i64, out.as_mut_ptr()) };
        Ok(())
    }
    /// A number of this round: a column of metrics.csv.
    pub fn emit(&self, name: &str, value: f64) -> Result<()> {
        let emit: &onager_emit = self.service(ONAGER_EMIT)?;
        let name = CString::new(name).map_err(|_| Error::invalid("a name has a zero byte"))?;
        check(unsafe { (emit.scalar)(self.0, name.as_ptr(), value) })
    }
    /// The table of a service, of the type that belongs to its name.
    pub(crate) fn service<T>(&self, name: &[u8]) -> Result<&'static T> {
        debug_assert!(name.ends_with(b"\0"));
        let table = unsafe { ((*self.0).service)(self.0, name.as_ptr() as *const c_char) };
        if table.is_null() {
            return Err(Error::new(
                ONAGER_UNSUPPORTED,
                format!("this host has no service {}", String::from_utf8_lossy(name)),
            ));
        }
        Ok(unsafe { &*(table as *const T) })
    }
}
