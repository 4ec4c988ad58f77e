// SPDX-License-Identifier: MIT
//
// A model that is linear in its parameters, with any loss of the build, as the objective of
// optimizers: everything about it is known.
#pragma once

#include "plugin_support.hpp"
#include "support.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace onager::test {

/// A live component of the build, made by hand: parameters by name, as text.
struct Made {
  host::Environment environment;
  std::unique_ptr<host::Instance> instance;

  Made(const std::string& kind, const std::string& id,
       const std::vector<std::pair<std::string, std::string>>& parameters = {},
       host::ThreadPool* threads = nullptr) {
    environment.seed = 5;
    environment.threads = threads;
    environment.log = [this](int level, const std::string& text) {
      if (level == ONAGER_LOG_WARNING) warnings.push_back(text);
    };
    auto plan = plugin_test::default_plan(built_in(), kind, id);
    for (const auto& [name, text] : parameters) set(plugin_test::value(plan, name), text);
    instance = std::make_unique<host::Instance>(plan, environment);
  }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;

  std::vector<std::string> warnings;

 private:
  /// A list of strings is written with | between them.
  static void set(host::ParameterValue& value, const std::string& text) {
    value.is_default = false;
    value.text = text;
    switch (value.parameter->type) {
      case ONAGER_INTEGER: value.integer = std::stoll(text); break;
      case ONAGER_REAL: value.real = std::stod(text); break;
      case ONAGER_STRING_LIST:
        for (std::size_t at = 0; at <= text.size();) {
          const std::size_t end = std::min(text.find('|', at), text.size());
          value.texts.push_back(text.substr(at, end - at));
          at = end + 1;
        }
        break;
      default: break;
    }
  }
};

/// f_i = W x_i with W (c x d), whose columns one after the other are the p = d c parameters. x: d x
/// n, y: c x n. T is the precision of the run.
template <class T>
class LinearProblem {
 public:
  using Mat = arma::Mat<T>;

  LinearProblem(const std::string& loss, const arma::mat& x, const arma::mat& y)
      : x_(arma::conv_to<Mat>::from(x)),
        y_(arma::conv_to<Mat>::from(y)),
        loss_("loss", loss),
        table_(loss_.instance->interface<onager_loss>(ONAGER_LOSS)) {
    raw_ = {sizeof raw_, host::dtype_of<T>(), this,  parameters(), samples(),
            evaluate,    hessian_product,     lambda};
  }
  LinearProblem(const LinearProblem&) = delete;
  LinearProblem& operator=(const LinearProblem&) = delete;

  const onager_objective* objective() const { return &raw_; }
  std::int64_t samples() const { return static_cast<std::int64_t>(x_.n_cols); }
  std::int64_t parameters() const { return static_cast<std::int64_t>(x_.n_rows * y_.n_rows); }

  double loss(const arma::mat& w) const {
    const Mat narrow = arma::conv_to<Mat>::from(w);
    double value = 0;
    check(evaluate_over(narrow, all(), &value, nullptr));
    return value;
  }
  arma::vec gradient(const arma::mat& w) const {
    const Mat narrow = arma::conv_to<Mat>::from(w);
    Mat out(narrow.n_rows, 1);
    double value = 0;
    check(evaluate_over(narrow, all(), &value, &out));
    return arma::conv_to<arma::vec>::from(out);
  }
  /// p x p; the Gauss-Newton matrix too, as the model is linear
  arma::mat hessian(const arma::mat& w) const {
    arma::mat out(w.n_rows, w.n_rows);
    const Mat at = arma::conv_to<Mat>::from(w);
    for (arma::uword j = 0; j < w.n_rows; ++j) {
      Mat unit(w.n_rows, 1, arma::fill::zeros), column(w.n_rows, 1);
      unit(j) = 1;
      check(product_over(at, all(), unit, &column));
      out.col(j) = arma::conv_to<arma::vec>::from(column);
    }
    return (out + out.t()) / 2;
  }
  double lambda_at(const arma::mat& w) const { return arma::eig_sym(hessian(w)).max(); }

  /// How often an optimizer asked for the curvature.
  int lambda_calls = 0;

 private:
  static LinearProblem& of(const onager_objective* raw) {
    return *static_cast<LinearProblem*>(raw->context);
  }
  static void check(onager_status status) {
    if (status != ONAGER_OK) throw std::runtime_error(host::take_error_reason());
  }
  static Mat matrix(const onager_array& a) {
    Mat out(static_cast<arma::uword>(a.rows), 1);
    for (arma::uword j = 0; j < out.n_rows; ++j)
      out(j) = static_cast<const T*>(a.data)[static_cast<std::int64_t>(j) * a.row_stride];
    return out;
  }
  static void write(const Mat& values, const onager_array& a) {
    for (arma::uword j = 0; j < values.n_rows; ++j)
      static_cast<T*>(a.data)[static_cast<std::int64_t>(j) * a.row_stride] = values(j);
  }
  arma::uvec all() const { return arma::regspace<arma::uvec>(0, x_.n_cols - 1); }
  arma::uvec chosen(std::int64_t count, const std::int64_t* samples) const {
    if (samples == nullptr) return all();
    arma::uvec out(static_cast<arma::uword>(count));
    for (arma::uword i = 0; i < out.n_rows; ++i) out(i) = static_cast<arma::uword>(samples[i]);
    return out;
  }

  onager_status evaluate_over(const Mat& w, const arma::uvec& samples, double* value,
                              Mat* gradient) const {
    const Mat x = x_.cols(samples), y = y_.cols(samples);
    const Mat f = arma::reshape(w, y.n_rows, x.n_rows) * x;
    Mat slope(f.n_rows, f.n_cols);
    const auto vf = host::as_array(f), vy = host::as_array(y);
    auto vs = host::as_array(slope);
    const auto n = static_cast<std::int64_t>(samples.n_rows);
    const auto status =
        table_->evaluate(loss_.instance->get(), n, &vf, &vy, value, gradient ? &vs : nullptr);
    if (status == ONAGER_OK && gradient) *gradient = arma::vectorise(slope * x.t());
    return status;
  }
  onager_status product_over(const Mat& w, const arma::uvec& samples, const Mat& u,
                             Mat* out) const {
    const Mat x = x_.cols(samples), y = y_.cols(samples);
    const Mat f = arma::reshape(w, y.n_rows, x.n_rows) * x;
    const Mat t = arma::reshape(u, y.n_rows, x.n_rows) * x;
    Mat bent(f.n_rows, f.n_cols);
    const auto vf = host::as_array(f), vy = host::as_array(y), vt = host::as_array(t);
    auto vb = host::as_array(bent);
    const auto n = static_cast<std::int64_t>(samples.n_rows);
    const auto status = table_->curvature(loss_.instance->get(), n, &vf, &vy, &vt, &vb);
    if (status == ONAGER_OK) *out = arma::vectorise(bent * x.t());
    return status;
  }

  static onager_status evaluate(const onager_objective* raw, const onager_array* w,
                                std::int64_t count, const std::int64_t* samples, double* loss,
                                onager_array* gradient) {
    Mat out;
    const auto status = of(raw).evaluate_over(matrix(*w), of(raw).chosen(count, samples), loss,
                                              gradient ? &out : nullptr);
    if (status == ONAGER_OK && gradient) write(out, *gradient);
    return status;
  }
  static onager_status hessian_product(const onager_objective* raw, const onager_array* w,
                                       std::int64_t count, const std::int64_t* samples,
                                       const onager_array* u, onager_array* out) {
    Mat product;
    const auto status =
        of(raw).product_over(matrix(*w), of(raw).chosen(count, samples), matrix(*u), &product);
    if (status == ONAGER_OK) write(product, *out);
    return status;
  }
  static onager_status lambda(const onager_objective* raw, const onager_array* w, std::int64_t,
                              const std::int64_t* samples, double, double* out) {
    if (samples != nullptr) return ONAGER_UNSUPPORTED;
    ++of(raw).lambda_calls;
    *out = of(raw).lambda_at(arma::conv_to<arma::mat>::from(matrix(*w)));
    return ONAGER_OK;
  }

  Mat x_, y_;
  Made loss_;
  const onager_loss* table_;
  onager_objective raw_;
};

/// A step-wise optimizer of the build at work on a problem.
template <class T>
class Minimiser {
 public:
  Minimiser(const LinearProblem<T>& problem, const std::string& id,
            const std::vector<std::pair<std::string, std::string>>& parameters,
            host::ThreadPool* threads = nullptr)
      : problem_(&problem),
        made_("optimizer", id, parameters, threads),
        table_(made_.instance->template interface<onager_step_optimizer>(ONAGER_OPTIMIZER_STEP)),
        state_(made_.instance->template interface<onager_named_arrays>(ONAGER_STATE)) {}

  std::int64_t begin() {
    std::int64_t steps = 0;
    made_.instance->call("begin",
                         [&] { return table_->begin(get(), problem_->objective(), &steps); });
    return steps;
  }
  /// w <- w after step `index`
  onager_step step(std::int64_t index, arma::Mat<T>& w) {
    onager_step done{};
    done.struct_size = sizeof done;
    onager_array view{
        sizeof view, host::dtype_of<T>(), w.memptr(), problem_->parameters(), 1, 1, 1};
    made_.instance->call(
        "step", [&] { return table_->step(get(), problem_->objective(), index, &view, &done); });
    return done;
  }
  /// The parameters after steps first .. last - 1 from w.
  arma::mat run(std::int64_t first, std::int64_t last, const arma::mat& from) {
    arma::Mat<T> w = arma::conv_to<arma::Mat<T>>::from(from);
    for (std::int64_t index = first; index < last; ++index) step(index, w);
    return arma::conv_to<arma::mat>::from(w);
  }

  struct Kept {
    std::string name;
    arma::mat value;  // transposed
  };
  std::vector<Kept> state() const {
    std::vector<Kept> out;
    for (std::int64_t i = 0;; ++i) {
      onager_array_info info{};
      info.struct_size = sizeof info;
      if (state_->describe(get(), i, &info) != ONAGER_OK) return out;
      arma::mat value(static_cast<arma::uword>(info.cols), static_cast<arma::uword>(info.rows));
      auto view = host::as_array(value);
      made_.instance->call("read", [&] { return state_->read(get(), i, &view); });
      out.push_back({info.name, value});
    }
  }
  void restore(const std::vector<Kept>& kept) {
    for (const auto& [name, value] : kept) {
      const auto view = host::as_array(value);
      made_.instance->call("write",
                           [&, &of = name] { return state_->write(get(), of.c_str(), &view); });
    }
  }
  const std::vector<std::string>& warnings() const { return made_.warnings; }

 private:
  void* get() const { return made_.instance->get(); }

  const LinearProblem<T>* problem_;
  Made made_;
  const onager_step_optimizer* table_;
  const onager_named_arrays* state_;
};

}  // namespace onager::test
