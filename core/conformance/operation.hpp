// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <onager/array.hpp>

#include <functional>
#include <string>
#include <vector>

namespace onager::host::conformance {

/// Numbers that a call of the plugin gets.
struct Argument {
  std::string name;
  Table numbers;
  bool by_row = true;  // row i of the results depends on row i of this, and on no other row
  bool exact = false;  // labels, which mean nothing when they are moved or are not finite
};

/// An array that it fills.
struct Result {
  std::string name;
  std::int64_t rows, cols;
  std::vector<bool> free_rows;  // rows in which anything is right; empty: none
  bool is_free(std::int64_t row) const {
    return !free_rows.empty() && free_rows[static_cast<std::size_t>(row)];
  }
};

/// A call from arrays to arrays that can be made again and again, as the checks of any kind of
/// component see it. It borrows the instance that it calls.
struct Operation {
  std::string call;  // "apply"
  std::vector<Argument> arguments;
  std::vector<Result> results;
  /// All arrays of one dtype, in the order above.
  std::function<onager_status(const onager_array* arguments, onager_array* results)> run;
  bool has_single = true;  // float32 too
  bool takes_gaps = true;  // rows may have gaps between them
  bool takes_rows = true;  // may be asked for some of the rows, or for none
};

/// A result as numbers, one table for each of Operation::results.
using Values = std::vector<Table>;

/// Makes the call with every argument guarded: what it writes outside its results, does not write,
/// or fails at is reported.
Values run_guarded(Trial& trial, const Operation& operation, onager_dtype dtype,
                   std::int64_t gap = 0);

/// The precisions that it is offered in.
std::vector<onager_dtype> precisions(const Operation& operation);

/// Makes the call with plain arrays, on any thread, and says what it answered.
onager_status run_bare(const Operation& operation, onager_dtype dtype, Values& out);

/// The same where it has to succeed: for comparisons, where the call is known to behave.
Values run_plain(Trial& trial, const Operation& operation, onager_dtype dtype = ONAGER_FLOAT64);

/// The same operation on other numbers, or on some of the rows.
Operation with_arguments(const Operation& operation, const std::vector<Table>& numbers);
Operation with_rows(const Operation& operation, std::int64_t first, std::int64_t count);

/// How far each number of the results may move when the arguments are known to eps: 32 times what
/// such changes of the arguments do, and 32 eps of the largest number of the result.
Values rounding(Trial& trial, const Operation& operation, double eps);

/// The first place where two results differ by more than allowed, free rows aside: "k[3, 0] is 0.5,
/// and 0.25 ..." with `words` in between; "" when there is none.
std::string difference(const Operation& operation, const Values& got, const Values& expected,
                       const Values& allowed, const std::string& words);

}  // namespace onager::host::conformance
