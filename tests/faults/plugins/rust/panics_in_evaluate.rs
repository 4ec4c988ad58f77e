// SPDX-License-Identifier: MIT
//! An index that is out of bounds: a panic, which the SDK turns into a status.
use onager::*;

struct Powers {
    coefficients: Vec<f64>,
}

impl Component for Powers {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(Powers { coefficients: vec![config.real("width")?] })
    }
}

impl RadialKernel for Powers {
    fn evaluate<T: Real>(&self, r2: T) -> (T, T) {
        let last = self.coefficients.len();
        let k = T::of(1.0) / (T::of(1.0) + T::of(self.coefficients[last]) * r2);
        (k, -k * k)
    }
}

onager::plugin!("org.example.spoiled", "1.0.0", "MIT", [
    radial_kernel::<Powers>("spoiled", "Kernel 1 / (1 + width r²)", vec![
        real("width", 2.0, "Factor").above(0.0),
    ]),
]);
