// SPDX-License-Identifier: MIT
//
// The unit of length that distance_scale sets.
#include "../catch.hpp"
#include "examples.hpp"

#include <map>

using namespace onager;

namespace {

/// A distance_scale with what it emits. Samples are columns.
struct Map {
  explicit Map(const std::string& lines, std::uint64_t seed = 3) {
    environment.seed = seed;
    environment.emit.scalar = [this](const std::string& name, double value) {
      emitted[name] = value;
    };
    const test::Example example{test::everything().find("feature_map", "distance_scale"), lines};
    instance = std::make_unique<host::Instance>(test::plan_of(example), environment);
    map = instance->interface<onager_feature_map>(ONAGER_FEATURE_MAP);
  }
  template <class T>
  double fit(const arma::Mat<T>& x) {
    const auto inputs = host::as_array(x);
    instance->call("fit", [&] { return map->fit(instance->get(), &inputs, &inputs); });
    return emitted.at("distance_scale");
  }
  std::map<std::string, double> emitted;
  host::Environment environment;
  std::unique_ptr<host::Instance> instance;
  const onager_feature_map* map;
};

arma::vec all_distances(const arma::mat& x) {
  arma::vec out(x.n_cols * (x.n_cols - 1) / 2);
  arma::uword k = 0;
  for (arma::uword i = 0; i < x.n_cols; ++i)
    for (arma::uword j = 0; j < i; ++j) out(k++) = arma::norm(x.col(i) - x.col(j));
  return out;
}

}  // namespace

TEST_CASE("the scale is the median, mean or quantile of all distances where pairs are enough") {
  for (const arma::uword n : {2u, 3u, 40u}) {
    CAPTURE(n);
    const arma::mat x = test::normal_numbers(6, n, 41);
    const arma::vec distances = all_distances(x);
    CHECK(Map("").fit(x) == Approx(arma::median(distances)));
    CHECK(Map("rule = 'mean'").fit(x) == Approx(arma::mean(distances)));
    CHECK(Map("rule = 'quantile'\nquantile = 1").fit(x) == Approx(distances.max()));
    CHECK(Map("rule = 'quantile'\nquantile = 0.5").fit(x) == Approx(arma::median(distances)));
    CHECK(Map("").fit(arma::fmat(arma::conv_to<arma::fmat>::from(x))) ==
          Approx(arma::median(distances)));
    // one pair fewer than all, and it is a draw of pairs
    if (n == 40) CHECK(Map("pairs = 779").fit(x) != Approx(arma::median(distances)));
  }
}

TEST_CASE("drawn pairs estimate the scale, the same for a seed and number of threads") {
  const arma::mat x = test::normal_numbers(6, 500, 42);
  const double whole = arma::median(all_distances(x));
  const double drawn = Map("pairs = 20000").fit(x);
  CHECK(drawn != whole);
  CHECK(drawn == Approx(whole).epsilon(0.02));
  CHECK(Map("pairs = 20000").fit(x) == drawn);
  CHECK(Map("pairs = 20000", 4).fit(x) != drawn);
  host::ThreadPool threads(3);
  Map threaded("pairs = 20000");
  threaded.environment.threads = &threads;
  CHECK(threaded.fit(x) == drawn);
}

TEST_CASE("no sample is paired with itself") {
  // two clusters of one point each: every distance is 1, or 0 for a point with itself
  const arma::mat x(arma::rowvec{0, 1});
  CHECK(Map("pairs = 1\nrule = 'quantile'\nquantile = 0").fit(x) == 1);
  arma::mat far(1, 300);
  for (arma::uword i = 0; i < 300; ++i) far(0, i) = std::pow(2.0, static_cast<double>(i));
  CHECK(Map("pairs = 5000\nrule = 'quantile'\nquantile = 0").fit(far) >= 1);
}

TEST_CASE("the scale follows the samples of each round, or stays with that of the first") {
  const arma::mat x = test::normal_numbers(6, 50, 43);
  Map each(""), once("once = true");
  const double first = each.fit(x);
  CHECK(once.fit(x) == first);
  CHECK(each.fit(arma::mat(3 * x)) == Approx(3 * first));
  CHECK(once.fit(arma::mat(3 * x)) == first);
}

TEST_CASE("samples without a distance are refused with what to do") {
  CHECK_THROWS_WITH(Map("").fit(arma::mat(3, 20, arma::fill::ones)),
                    ContainsSubstring("is 0") && ContainsSubstring("mean"));
  CHECK_THROWS_WITH(Map("").fit(arma::mat(3, 1)), ContainsSubstring("one training sample"));
  arma::mat x = test::normal_numbers(3, 20, 44);
  x(1, 1) = arma::datum::nan;
  for (const char* rule : {"rule = 'mean'", "rule = 'median'"})
    CHECK_THROWS_WITH(Map(rule).fit(x), ContainsSubstring("not finite"));
  CHECK_THROWS_WITH(Map("quantile = 0.3"), ContainsSubstring("rule = \"quantile\""));
}
