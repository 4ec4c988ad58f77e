use onager::*;

/// f(w; x) = V tanh(U x) with a hidden layer: w holds U (width x d), then V (c x width), row after
/// row. The host derives what is not given here, such as Hessian products and tangent kernels.
struct TemplateName {
    host: Host,
    width: usize,
    features: usize,
    outputs: usize,
}

impl Component for TemplateName {
    fn new(config: &Config, host: Host) -> Result<Self> {
        Ok(TemplateName { host, width: config.integer("width")? as usize, features: 0, outputs: 0 })
    }
}

impl TemplateName {
    // where U_kj and V_lk lie in w
    fn u_at(&self, k: usize, j: usize) -> usize {
        k * self.features + j
    }
    fn v_at(&self, l: usize, k: usize) -> usize {
        self.width * self.features + l * self.width + k
    }
    /// Neuron k of the hidden layer at sample i.
    fn hidden<T: Real>(&self, w: &Matrix<T>, x: &Matrix<T>, i: usize, k: usize) -> f64 {
        let sum: f64 =
            (0..self.features).map(|j| w.at(self.u_at(k, j), 0).f64() * x.at(i, j).f64()).sum();
        sum.tanh()
    }
}

fn add<T: Real>(to: &mut MatrixMut<T>, i: usize, j: usize, value: f64) {
    to.set(i, j, T::of(to.at(i, j).f64() + value));
}

fn clear<T: Real>(out: &mut MatrixMut<T>) {
    for i in 0..out.rows {
        for j in 0..out.cols {
            out.set(i, j, T::of(0.0));
        }
    }
}

impl Model for TemplateName {
    fn prepare(&mut self, features: usize, outputs: usize) -> Result<usize> {
        self.features = features;
        self.outputs = outputs;
        Ok(self.width * (features + outputs))
    }

    // normal numbers, each layer's divided by the root of its inputs
    fn initialise<T: Real>(&mut self, mut w: MatrixMut<T>) -> Result<()> {
        let mut numbers = vec![0.0; w.rows];
        self.host.normal(0, 0, &mut numbers)?;
        for k in 0..w.rows {
            let inputs = if k < self.v_at(0, 0) { self.features } else { self.width };
            w.set(k, 0, T::of(numbers[k] / (inputs as f64).sqrt()));
        }
        Ok(())
    }

    fn forward<T: Real>(&self, w: Matrix<T>, x: Matrix<T>, mut out: MatrixMut<T>) -> Result<()> {
        clear(&mut out);
        for i in 0..x.rows {
            for k in 0..self.width {
                let h = self.hidden(&w, &x, i, k);
                for l in 0..self.outputs {
                    add(&mut out, i, l, w.at(self.v_at(l, k), 0).f64() * h);
                }
            }
        }
        Ok(())
    }

    // w_out <- sum_i J_i' v_i and row i of x_out <- X_i' v_i
    fn vjp<T: Real>(
        &self,
        w: Matrix<T>,
        x: Matrix<T>,
        _f: Matrix<T>,
        v: Matrix<T>,
        mut w_out: Option<MatrixMut<T>>,
        mut x_out: Option<MatrixMut<T>>,
    ) -> Result<()> {
        w_out.iter_mut().for_each(clear);
        x_out.iter_mut().for_each(clear);
        for i in 0..x.rows {
            for k in 0..self.width {
                let h = self.hidden(&w, &x, i, k);
                let mut back = 0.0;
                for l in 0..self.outputs {
                    let cotangent = v.at(i, l).f64();
                    back += cotangent * w.at(self.v_at(l, k), 0).f64();
                    if let Some(out) = &mut w_out {
                        add(out, self.v_at(l, k), 0, cotangent * h);
                    }
                }
                back *= 1.0 - h * h;
                for j in 0..self.features {
                    if let Some(out) = &mut w_out {
                        add(out, self.u_at(k, j), 0, back * x.at(i, j).f64());
                    }
                    if let Some(out) = &mut x_out {
                        add(out, i, j, back * w.at(self.u_at(k, j), 0).f64());
                    }
                }
            }
        }
        Ok(())
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    model::<TemplateName>("template_name", "One hidden layer of tanh, without biases", vec![
        integer("width", 16, "Neurons of the hidden layer").at_least(1.0),
    ]),
]);
