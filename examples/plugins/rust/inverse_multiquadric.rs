// SPDX-License-Identifier: MIT
use onager::*;

/// k(x, z) = (1 + r²/bandwidth²)^(-1/2) with r = |x - z|. The host calls this with r², as f32 and as
/// f64, and makes matrices, gradients and feature learning of it.
struct InverseMultiquadric {
    rate: f64, // 1 / bandwidth²
}

impl Component for InverseMultiquadric {
    fn new(config: &Config, _host: Host) -> Result<Self> {
        Ok(InverseMultiquadric { rate: config.real("bandwidth")?.powi(-2) })
    }
}

impl RadialKernel for InverseMultiquadric {
    /// The value and its derivative by r².
    #[inline]
    fn evaluate<T: Real>(&self, r2: T) -> (T, T) {
        let rate = T::of(self.rate);
        let k = T::of(1.0) / (T::of(1.0) + rate * r2).sqrt();
        (k, T::of(-0.5) * rate * k * k * k)
    }
}

onager::plugin!("org.example.inverse_multiquadric.rust", "1.0.0", "MIT", [
    radial_kernel::<InverseMultiquadric>("inverse_multiquadric", "Inverse multiquadric kernel (1 + r²/bandwidth²)^(-1/2)", vec![
        real("bandwidth", 1.0, "Length scale of the distance r").above(0.0),
    ])
    .cite("Micchelli, Interpolation of scattered data, 1986"),
]);
