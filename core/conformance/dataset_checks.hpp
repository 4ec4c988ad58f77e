// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/life.hpp"

#include <vector>

namespace onager::host::conformance {

/// Sizes that make sense, arrays filled whole and nowhere else, in both precisions and with gaps
/// between rows, all numbers finite; one column a class where there are classes.
void check_dataset_samples(Trial& trial);

/// Samples asked for in pieces, in any order and again are those asked for at once; float32 is
/// float64 rounded.
void check_dataset_pieces(Trial& trial);

/// The same seed gives the same bytes, on any number of threads.
void check_dataset_seed(Trial& trial);

/// Its description, samples of both splits by turns, a draw, and facts.
std::vector<Call> dataset_life(Specimen& specimen);

/// Test samples are not training samples, beyond what samples that repeat anyway explain.
void check_dataset_splits(Trial& trial);

/// Other draws than the first are other samples, none of them those of the first or of the test;
/// they are the same whichever pieces they are asked for in. Nothing without
/// "onager.dataset.draw/1".
void check_dataset_draws(Trial& trial);

/// Training samples are not all the same. Notes of samples that share numbers, which may be right.
void check_dataset_repeats(Trial& trial);

/// Names of outputs, groups of features, and facts: inside the bounds, and of the form that their
/// names promise.
void check_dataset_annotations(Trial& trial);

}  // namespace onager::host::conformance
