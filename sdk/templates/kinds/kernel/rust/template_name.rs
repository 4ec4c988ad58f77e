use onager::*;

/// k(x, z) = 1 / (1 + r²/bandwidth²) with r = |x - z|. The host calls this with r², as f32 and as
/// f64, and makes matrices, gradients and feature learning of it.
struct TemplateName {
    rate: f64, // 1 / bandwidth²
}

impl Component for TemplateName {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(TemplateName { rate: config.real("bandwidth")?.powi(-2) })
    }
}

impl RadialKernel for TemplateName {
    /// The value and its derivative by r².
    #[inline]
    fn evaluate<T: Real>(&self, r2: T) -> (T, T) {
        let rate = T::of(self.rate);
        let k = T::of(1.0) / (T::of(1.0) + rate * r2);
        (k, -rate * k * k)
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    radial_kernel::<TemplateName>("template_name", "Kernel 1 / (1 + r²/bandwidth²) of the distance r", vec![
        real("bandwidth", 1.0, "Distance at which k is 1/2").above(0.0),
    ]),
]);
