// SPDX-License-Identifier: MIT
#include "examples.hpp"

#include "../cifar10_files.hpp"
#include "../mat_files.hpp"
#include "config/parameters.hpp"

#ifdef ONAGER_HAS_HDF5
#include "../hdf5/hdf5_files.hpp"
#endif

#include <random>

namespace onager::test {

namespace {

/// Small files that stay until the process ends.
class Files {
 public:
  Files() {
    std::string csv = "a,b,c,target\n";
    arma::mat numbers = normal_numbers(4, 37, 11);
    for (arma::uword i = 0; i < numbers.n_cols; ++i)
      for (arma::uword j = 0; j < 4; ++j)
        csv += std::to_string(numbers(j, i)) + (j == 3 ? "\n" : ",");
    table = scratch_.file("table.csv", csv).string();
    samples = npy("samples.npy", numbers);
    targets = npy("targets.npy", normal_numbers(2, 37, 12));
    const arma::mat a = normal_numbers(5, 5, 13);
    metric = npy("metric.npy", a * a.t());
    map = npy("map.npy", normal_numbers(3, 5, 14));
    diagonal = npy("diagonal.npy", arma::square(normal_numbers(1, 5, 15)));

    std::string image_bytes, label_bytes;
    for (int i = 0; i < 30; ++i) {
      for (int pixel = 0; pixel < 6; ++pixel)
        image_bytes += static_cast<char>((i * 37 + pixel * 11) % 251);
      label_bytes += static_cast<char>(i % 3);
    }
#ifdef ONAGER_HAS_HDF5
    const auto file = scratch_.path() / "arrays.h5";
    const Hdf5Writer writer(file);
    writer.write("x", {37, 4}, arma::conv_to<std::vector<double>>::from(vectorise(numbers)),
                 H5T_IEEE_F64LE);
    writer.write("y", {37}, std::vector<double>(numbers.begin(), numbers.begin() + 37),
                 H5T_IEEE_F64LE);
    arrays = file.string();
#endif
    images = scratch_.file("images", big_endian({0x803, 30, 2, 3}) + image_bytes).string();
    labels = scratch_.file("labels", big_endian({0x801, 30}) + label_bytes).string();
    write_cifar10(cifar10_, 4);
    cifar10 = cifar10_.path().string();
    digits = scratch_.file("digits.mat", svhn_file({3, 10, 1, 3}, MatClass::uint8, true)).string();
  }

  std::string table, samples, targets, metric, map, diagonal, images, labels, arrays, cifar10,
      digits;

 private:
  /// Columns become the rows of the file.
  std::string npy(const std::string& name, const arma::mat& columns) const {
    const auto array = host::NpyArray::copy_of(host::as_array(columns));
    return scratch_.file(name, host::npy_bytes(array)).string();
  }
  static std::string big_endian(std::initializer_list<unsigned> numbers) {
    std::string out;
    for (const unsigned n : numbers)
      for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 255);
    return out;
  }

  Scratch scratch_, cifar10_;
};

struct Row {
  const char *kind, *id;
  std::string lines;
};

const std::vector<Row>& table() {
  static const Files files;
  const auto path = [](const char* key, const std::string& file) {
    return std::string(key) + " = '" + file + "'\n";
  };
  static const std::vector<Row> rows = {
      {"kernel", "gaussian", "bandwidth = 2.5"},
      {"kernel", "laplace", "bandwidth = 2.5"},
      {"kernel", "generalized_laplace", "bandwidth = 2.5\nexponent = 0.7"},
      {"kernel", "generalized_laplace", "bandwidth = 2.5\nexponent = 1.4"},
      {"kernel", "generalized_laplace", "bandwidth = 2.5\nexponent = 2.0"},
      {"kernel", "matern", "bandwidth = 2.5\nsmoothness = 0.5"},
      {"kernel", "matern", "bandwidth = 2.5\nsmoothness = 2.5"},
      {"kernel", "polynomial", "degree = 1\noffset = 0.0"},
      {"kernel", "polynomial", "degree = 4\noffset = 2.0"},
      {"kernel", "relu_ntk", "depth = 3"},
      {"kernel", "arc_cosine", "degree = 0"},
      {"kernel", "arc_cosine", "degree = 1\ndepth = 3"},
      {"kernel", "arc_cosine", "degree = 2"},
      {"kernel", "arc_cosine", "degree = 2\ndepth = 2"},
      {"kernel", "inner_product", "coefficients = [1.0, 1.0, 0.5, 0.2]\nscale = 5.0"},
      {"kernel", "inner_product", "coefficients = [2.0]"},
      {"kernel", "product_laplace", "bandwidth = 2.5"},
      {"kernel", "scale", "factor = 0.5\nkernel = { use = 'laplace', bandwidth = 2.0 }"},
      {"kernel", "scale",
       "factor = 3.0\nkernel = { use = 'product', terms = [{ use = 'gaussian', bandwidth = 3.0 }, "
       "{ use = 'foreign_rational' }] }"},
      {"kernel", "sum",
       "weights = [0.5, 2.0]\nterms = [{ use = 'matern', bandwidth = 2.0 }, { use = 'quadratic' "
       "}]"},
      {"kernel", "sum", "terms = [{ use = 'foreign_additive' }, { use = 'gaussian' }]"},
      {"kernel", "sum",
       "weights = [2.0, 0.25]\nterms = [{ use = 'product', terms = [{ use = 'scale', factor = 0.1, "
       "kernel = { use = 'polynomial', degree = 2 } }, { use = 'foreign_additive' }] }, "
       "{ use = 'foreign_square', kernel = { use = 'foreign_rational' } }]"},
      {"kernel", "product",
       "terms = [{ use = 'laplace', bandwidth = 2.0 }, { use = 'polynomial', degree = 2 }]"},
      {"kernel", "product",
       "terms = [{ use = 'sum', terms = [{ use = 'gaussian', bandwidth = 2.0 }, "
       "{ use = 'quadratic' }] }, { use = 'foreign_rational' }]"},
      {"kernel", "foreign_square", "kernel = { use = 'matern', bandwidth = 2.0 }"},

      {"feature_map", "agop", "diagonal = true\nnormalize = 'max'"},
      {"feature_map", "agop", "power = 1.0\ncenter = false\nnormalize = 'trace'\nfloor = 0.01"},
      {"feature_map", "block_circulant", "operation = 'divide'\nshuffled = true"},
      {"feature_map", "coordinate_reweighting", "normalize = 'max'\nsafeguard = 0.1\nsamples = 17"},
      {"feature_map", "coordinate_reweighting", "normalize = 'none'\nsafeguard = 0.0"},
      {"feature_map", "fixed_matrix", path("path", files.metric)},
      {"feature_map", "fixed_matrix", path("path", files.metric) + "power = 0.5"},
      {"feature_map", "fixed_matrix", path("path", files.map) + "as = 'map'"},
      {"feature_map", "fixed_matrix", path("path", files.diagonal)},
      {"feature_map", "nystrom_features",
       "landmarks = 12\nkernel = { use = 'gaussian', bandwidth = 3.0 }"},
      {"feature_map", "nystrom_features",
       "landmarks = 7\nkernel = { use = 'sum', terms = [{ use = 'product_laplace', bandwidth = 9.0 "
       "}, { use = 'product', terms = [{ use = 'quadratic' }, { use = 'foreign_rational' }] }] }"},
      {"feature_map", "nystrom_features",
       "landmarks = 500\nkernel = { use = 'relu_ntk', depth = 2 }"},
      {"feature_map", "distance_scale", "rule = 'mean'\nonce = true"},
      {"feature_map", "distance_scale", "rule = 'quantile'\nquantile = 0.9\npairs = 100"},
      {"feature_map", "random_fourier", "features = 14\nbandwidth = 2.0"},
      {"feature_map", "random_fourier", "features = 14\nbandwidth = 2.0\nkernel = 'laplace'"},
      {"feature_map", "random_fourier", "features = 14\nbandwidth = 2.0\nbasis = 'paired'"},
      {"feature_map", "standardize", "center = false"},
      {"feature_map", "standardize", "scale = false"},

      {"dataset", "modular_arithmetic", "modulus = 7"},
      {"dataset", "modular_arithmetic", "modulus = 7\noperation = 'divide'\ntrain_fraction = 0.3"},
      {"dataset", "modular_arithmetic", "modulus = 6\noperation = 'a3_plus_ab'"},
      {"dataset", "modular_arithmetic",
       "modulus = 5\noperation = 'divide'\nsecond_operation = 'a2_plus_b2'"},
      {"dataset", "modular_arithmetic",
       "modulus = 5\noperation = 'add'\nsecond_operation = 'divide'\nsplit_by = 'pairs'"},
      {"dataset", "sparse_polynomial",
       "dimension = 6\nterms = ['x1 x2', '0.5 x3']\nnoise = 0.1\ntrain_samples = 300"},
      {"dataset", "sparse_polynomial",
       "dimension = 6\nterms = ['x1^3', 'x1 x2', '-2 x4^2']\ndistribution = 'gaussian'"},
      {"dataset", "sparse_polynomial",
       "dimension = 6\nterms = ['x1', 'x1 x2^2']\ndistribution = 'sphere'\nnoise = 0.5"},
      {"dataset", "multi_index", "dimension = 6\nterms = ['z1', 'z1 z2']\nnoise = 0.1"},
      {"dataset", "multi_index",
       "dimension = 6\nterms = ['z1^3']\nsubspace_dimension = 2\nbasis = 'aligned'"},
      {"dataset", "teacher_network", "dimension = 6"},
      {"dataset", "teacher_network",
       "dimension = 4\nwidth = 3\noutputs = 2\nactivation = 'erf'\nnoise = 0.1\n"
       "distribution = 'sphere'"},
      {"dataset", "csv", path("path", files.table)},
      {"dataset", "csv", path("train", files.table) + path("test", files.table)},
      {"dataset", "npy", path("path", files.samples)},
      {"dataset", "npy", path("train", files.samples) + path("train_targets", files.targets)},
#ifdef ONAGER_HAS_HDF5
      {"dataset", "hdf5", path("path", files.arrays)},
#endif
      {"dataset", "idx", path("train_images", files.images) + path("train_labels", files.labels)},
      {"dataset", "idx",
       path("train_images", files.images) + path("train_labels", files.labels) +
           path("test_images", files.images) + path("test_labels", files.labels) +
           "classes = [0, 2]\ntrain_limit = 9"},
      {"dataset", "cifar10", path("folder", files.cifar10)},
      {"dataset", "cifar10", path("folder", files.cifar10) + "classes = [1, 3]\ntargets = 'signs'"},
      {"dataset", "svhn", path("train", files.digits) + path("test", files.digits)},

      {"model", "fully_connected", "widths = [5, 0]\nwidth = 4"},
      {"model", "network",
       "layers = ['h = affine(x, 6)', 'a = relu(h)', 's = sum(a, h)', 'f = affine(s, outputs)']"},
      {"model", "fully_connected",
       "width = 6\nbias = true\nparametrisation = 'standard'\ninitial_law = 'uniform'\n"
       "output_weights = 'fixed_signs'\noutput_activation = 'softplus'"},
      {"model", "residual", "width = 5\ndepth = 2\nactivation = 'tanh'"},
      {"model", "convolutional",
       "image_height = 2\nimage_width = 5\nchannels = [3]\nkernel_size = 2\npadding = 1\n"
       "pooling = 'max'"},
      {"model", "neuron_graph", "levels = 3\nin_degree = 3\nspread = 0.5\nbias = true"},
      {"model", "neuron_graph", "in_degree = 4\nthin_level = 2"},
      {"model", "linear_model", "of = { use = 'fully_connected', width = 4 }"},
      {"model", "quadratic_model", "of = { use = 'fully_connected', width = 4 }"},

      {"optimizer", "cholesky", "ridge = 0.01"},
      {"optimizer", "cholesky", "ridge = 0.01\nrefine = true"},
      {"optimizer", "ridge_path", "ridges = [0.01, 0.1, 1.0]\ncriterion = 'gcv'"},
      {"optimizer", "gd", "steps = 10"},
      {"optimizer", "sgd", "epochs = 10\nbatch_size = 5\nschedule = ['4: 0.1', '8: 1.9/lambda']"},
      {"optimizer", "momentum", "steps = 10\nlearning_rate = 0.1"},
      {"optimizer", "nesterov", "steps = 10\nlearning_rate = '0.9*2/lambda'"},
      {"optimizer", "adam", "steps = 10"},
      {"optimizer", "adamw", "epochs = 10"},
      {"optimizer", "rmsprop", "steps = 10"},
      {"optimizer", "adagrad", "steps = 10"},
      {"optimizer", "adadelta", "steps = 10"},

      {"diagnostic", "feature_alignment", "reference = 'file'\n" + path("path", files.metric)},
      {"diagnostic", "feature_alignment", "reference = 'egop'\npower = 0.5"},
      {"diagnostic", "agop_alignment", "reference = 'file'\n" + path("path", files.metric)},
  };
  return rows;
}

/// Whether it has its place in a pipeline with a [model].
bool of_networks(const host::ComponentEntry& entry) {
  return entry.kind() == "model" || entry.kind() == "loss" ||
         entry.component->interface(nullptr, ONAGER_OPTIMIZER_STEP) != nullptr;
}

}  // namespace

const host::Registry& everything() {
  static const host::Registry registry = [] {
    host::Registry all = host::Registry::load({{ONAGER_PLUGIN_DIR, "test"}});
    all.add(foreign_kernels(), "test");
    return all;
  }();
  return registry;
}

bool needs_parameters(const host::ComponentEntry& entry) {
  for (const auto* p : host::parameters_of(*entry.component))
    if (p->flags & ONAGER_REQUIRED) return true;
  try {
    const auto plan = plan_of(Example{&entry, ""});
    host::Environment environment;
    const host::Instance instance(plan, environment);
    return false;
  } catch (const host::Error&) {
    return true;  // such as a component that wants one of two files
  }
}

std::vector<std::string> listed_parameters(const host::ComponentEntry& entry) {
  std::vector<std::string> out;
  for (const auto& row : table())
    if (entry.kind() == row.kind && entry.id() == row.id) out.push_back(row.lines);
  return out;
}

std::vector<Example> examples(const std::string& kind) {
  std::vector<Example> out;
  for (const auto& entry : everything().all()) {
    if (entry.kind() != kind) continue;
    if (!needs_parameters(entry)) out.push_back({&entry, ""});
    for (const auto& lines : listed_parameters(entry)) out.push_back({&entry, lines});
  }
  return out;
}

std::vector<Example> examples() {
  std::vector<Example> out;
  for (const auto& kind : host::component_kinds())
    for (auto& example : examples(kind)) out.push_back(std::move(example));
  return out;
}

host::Plan pipeline_of(const Example& example) {
  const auto section = [&](const std::string& kind, const std::string& otherwise) {
    const bool list = kind == "feature_map" || kind == "diagnostic";
    std::string lines = otherwise;
    if (example.entry->kind() == kind)
      lines = "use = '" + example.entry->qualified_id() + "'\n" + example.lines;
    if (lines.empty()) return std::string();
    return (list ? "[[" + kind + "]]\n" : "[" + kind + "]\n") + lines + "\n";
  };
  const std::string shared = section("dataset", "use = 'modular_arithmetic'\nmodulus = 5") +
                             section("feature_map", "") + section("diagnostic", "");
  const std::string machine =
      of_networks(*example.entry)
          ? section("model", "use = 'fully_connected'") + section("loss", "use = 'mse'") +
                section("optimizer", "use = 'gd'\nsteps = 1")
          : section("kernel", "use = 'gaussian'") + section("optimizer", "use = 'cholesky'");
  const Scratch scratch;
  return host::read_plan(scratch.file("pipeline.toml", shared + machine), {}, everything());
}

host::ComponentPlan plan_of(const Example& example) {
  const host::Plan plan = pipeline_of(example);
  const std::string kind = example.entry->kind();
  if (kind == "dataset") return plan.dataset;
  if (kind == "kernel") return plan.kernel;
  if (kind == "optimizer") return plan.optimizer;
  if (kind == "feature_map") return plan.feature_maps.at(0);
  if (kind == "diagnostic") return plan.diagnostics.at(0);
  if (kind == "model") return plan.model;
  if (kind == "loss") return plan.loss;
  throw std::runtime_error("a pipeline has no place for a " + kind);
}

Kernel kernel_of(const Example& example) {
  Kernel kernel;
  kernel.environment = std::make_unique<host::Environment>();
  kernel.instance = std::make_unique<host::Instance>(plan_of(example), *kernel.environment);
  const onager_child root{sizeof root, 0, &kernel.instance->component(), kernel.instance->get()};
  kernel.expression = std::make_unique<host::KernelExpression>(
      root, [instance = kernel.instance.get()](const std::function<onager_status()>& work) {
        instance->call("evaluate", work);
      });
  return kernel;
}

arma::mat normal_numbers(arma::uword rows, arma::uword columns, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  arma::mat out(rows, columns);
  out.imbue([&] { return normal(engine); });
  return out;
}

}  // namespace onager::test
