#include <onager/model.hpp>

#include <cmath>

// f(w; x) = V tanh(U x) with a hidden layer: w holds U (width x d), then V (c x width), row after
// row. The host derives what is not given here, such as Hessian products and tangent kernels.
class TemplateName {
 public:
  TemplateName(const onager::Config& config, const onager::Host& host)
      : host_(host), width_(config.integer("width")) {}

  std::int64_t prepare(std::int64_t features, std::int64_t outputs) {
    features_ = features;
    outputs_ = outputs;
    return width_ * (features + outputs);
  }

  // normal numbers, each layer's divided by the root of its inputs
  template <class T>
  void initialise(onager::Matrix<T> w) const {
    const auto numbers = host_.normal(0, 0, w.rows);
    for (std::int64_t k = 0; k < w.rows; ++k) {
      const std::int64_t inputs = k < first_of_v() ? features_ : width_;
      w(k, 0) = static_cast<T>(numbers[static_cast<std::size_t>(k)] /
                               std::sqrt(static_cast<double>(inputs)));
    }
  }

  template <class T>
  void forward(onager::Matrix<const T> w, onager::Matrix<const T> x, onager::Matrix<T> out) const {
    std::vector<T> hidden(static_cast<std::size_t>(width_));
    for (std::int64_t i = 0; i < x.rows; ++i) {
      evaluate(w, x, i, hidden);
      for (std::int64_t l = 0; l < outputs_; ++l) {
        T sum = 0;
        for (std::int64_t k = 0; k < width_; ++k) sum += v(w, l, k) * hidden[std::size_t(k)];
        out(i, l) = sum;
      }
    }
  }

  // w_out <- sum_i J_i' c_i and row i of x_out <- X_i' c_i for the cotangents c_i
  template <class T>
  void vjp(onager::Matrix<const T> w, onager::Matrix<const T> x, onager::Matrix<T> f,
           const onager::Cotangent& cotangent, onager::Matrix<const T> c, onager::Matrix<T>* w_out,
           onager::Matrix<T>* x_out) const {
    forward(w, x, f);
    cotangent();  // c is only known now
    for (std::int64_t k = 0; w_out && k < w_out->rows; ++k) (*w_out)(k, 0) = 0;
    for (std::int64_t i = 0; x_out && i < x.rows; ++i)
      for (std::int64_t j = 0; j < features_; ++j) (*x_out)(i, j) = 0;
    std::vector<T> hidden(static_cast<std::size_t>(width_));
    for (std::int64_t i = 0; i < x.rows; ++i) {
      evaluate(w, x, i, hidden);
      for (std::int64_t k = 0; k < width_; ++k) {
        const T h = hidden[std::size_t(k)];
        T back = 0;
        for (std::int64_t l = 0; l < outputs_; ++l) {
          back += c(i, l) * v(w, l, k);
          if (w_out) (*w_out)(first_of_v() + l * width_ + k, 0) += c(i, l) * h;
        }
        back *= 1 - h * h;
        for (std::int64_t j = 0; j < features_; ++j) {
          if (w_out) (*w_out)(k * features_ + j, 0) += back * x(i, j);
          if (x_out) (*x_out)(i, j) += back * u(w, k, j);
        }
      }
    }
  }

 private:
  std::int64_t first_of_v() const { return width_ * features_; }
  template <class T>
  T u(onager::Matrix<const T> w, std::int64_t k, std::int64_t j) const {
    return w(k * features_ + j, 0);
  }
  template <class T>
  T v(onager::Matrix<const T> w, std::int64_t l, std::int64_t k) const {
    return w(first_of_v() + l * width_ + k, 0);
  }
  /// The hidden layer at sample i.
  template <class T>
  void evaluate(onager::Matrix<const T> w, onager::Matrix<const T> x, std::int64_t i,
                std::vector<T>& hidden) const {
    for (std::int64_t k = 0; k < width_; ++k) {
      T sum = 0;
      for (std::int64_t j = 0; j < features_; ++j) sum += u(w, k, j) * x(i, j);
      hidden[static_cast<std::size_t>(k)] = std::tanh(sum);
    }
  }

  onager::Host host_;
  std::int64_t width_, features_ = 0, outputs_ = 0;
};

ONAGER_PLUGIN("org.example.template_name", "0.1.0", "MIT",
              onager::model<TemplateName>(
                  "template_name", "One hidden layer of tanh, without biases",
                  {onager::integer("width", 16, "Neurons of the hidden layer").at_least(1)}))
