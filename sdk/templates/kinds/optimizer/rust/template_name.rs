use onager::*;

/// Conjugate gradients for (K + ridge I) a = y, one target after the other. The host owns K: it is
/// asked for products with vectors, which it computes on all threads, also where K does not fit into
/// memory.
struct TemplateName {
    host: Host,
    ridge: f64,
    tolerance: f64,
    steps: i64,
}

impl Component for TemplateName {
    fn new(config: &Config, host: Host) -> Result<Self> {
        Ok(TemplateName {
            host,
            ridge: config.real("ridge")?,
            tolerance: config.real("tolerance")?,
            steps: config.integer("steps")?,
        })
    }
}

fn squared(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum()
}

impl TemplateName {
    fn solve_one<T: Real>(
        &self,
        kernel: &KernelOperator<T>,
        targets: &Matrix<T>,
        column: usize,
        solution: &mut MatrixMut<T>,
    ) -> Result<i64> {
        let n = kernel.size();
        let mut residual: Vec<f64> = (0..n).map(|i| targets.at(i, column).f64()).collect();
        let mut direction = residual.clone();
        let mut a = vec![0.0; n];
        let mut product = vec![T::of(0.0); n];
        let first = squared(&residual);
        let (mut now, mut step) = (first, 0);
        while step < self.steps && now > self.tolerance * self.tolerance * first {
            self.host.stop_if_cancelled()?;
            let p: Vec<T> = direction.iter().map(|&d| T::of(d)).collect();
            kernel.product(Matrix::from_slice(&p, 1), MatrixMut::from_slice(&mut product, 1))?;
            let q: Vec<f64> = (0..n).map(|i| product[i].f64() + self.ridge * direction[i]).collect();
            let curvature: f64 = (0..n).map(|i| direction[i] * q[i]).sum();
            if !curvature.is_finite() {
                return Err(Error::new(abi::ONAGER_NUMERICAL, "the kernel matrix is not finite"));
            }
            if curvature <= 0.0 {
                break; // nothing left that the matrix sees
            }
            let length = now / curvature;
            for i in 0..n {
                a[i] += length * direction[i];
                residual[i] -= length * q[i];
            }
            let next = squared(&residual);
            for i in 0..n {
                direction[i] = residual[i] + next / now * direction[i];
            }
            now = next;
            step += 1;
        }
        for i in 0..n {
            solution.set(i, column, T::of(a[i]));
        }
        Ok(step)
    }
}

impl LinearSolver for TemplateName {
    fn solve<T: Real>(&mut self, kernel: &KernelOperator<T>, targets: Matrix<T>, mut solution: MatrixMut<T>) -> Result<()> {
        let mut most = 0;
        for column in 0..targets.cols {
            most = most.max(self.solve_one(kernel, &targets, column, &mut solution)?);
        }
        self.host.emit("steps", most as f64) // a column of metrics.csv
    }
}

onager::plugin!("org.example.template_name", "0.1.0", "MIT", [
    linear_solver::<TemplateName>("template_name", "Conjugate gradients for the regularised kernel system", vec![
        real("ridge", 1e-3, "Added to the diagonal of K").at_least(0.0),
        real("tolerance", 1e-6, "Residual to stop at, relative to the targets").above(0.0),
        integer("steps", 1000, "Steps at most").at_least(1.0),
    ])
    .cite("Hestenes, Stiefel, Methods of conjugate gradients for solving linear systems, 1952"),
]);
