// SPDX-License-Identifier: MIT
#include "conformance/life.hpp"

#include "base/files.hpp"
#include "conformance/plain_array.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>

namespace onager::host::conformance {

namespace {

constexpr double seconds_alone = 30;

}  // namespace

void Digest::add_bytes(const void* bytes, std::size_t count) {
  value_ = fnv1a({static_cast<const char*>(bytes), count}, value_);
}

void Digest::add(std::string_view text) { add_bytes(text.data(), text.size()); }

void Digest::add(const Table& numbers) {
  add(numbers.rows);
  add(numbers.cols);
  add_bytes(numbers.values.data(), numbers.values.size() * sizeof(double));
}

void Digest::add(std::int64_t number) { add_bytes(&number, sizeof number); }

void Digest::add(double number) { add_bytes(&number, sizeof number); }

std::vector<Call> calls_of(const Operations& operations) {
  std::vector<Call> out;
  for (const auto& operation : operations)
    for (const auto dtype : precisions(operation))
      out.push_back({operation.call, [operation, dtype](Digest& digest) {
                       Values values;
                       const auto status = run_bare(operation, dtype, values);
                       for (std::size_t r = 0; r < values.size(); ++r)
                         for (std::int64_t i = 0; i < values[r].rows; ++i)
                           for (std::int64_t j = 0;
                                j < values[r].cols && !operation.results[r].is_free(i); ++j)
                             digest.add(values[r](i, j));
                       return status;
                     }});
  return out;
}

LifeOf life_of(const OperationsOf& operations) {
  return [operations](Specimen& specimen) { return calls_of(operations(specimen)); };
}

Call reading(const Specimen& specimen, const onager_named_arrays& table) {
  return {"read", [instance = specimen.get(), &table](Digest& digest) {
            for (std::int64_t index = 0;; ++index) {
              onager_array_info info{};
              info.struct_size = sizeof info;
              auto status = table.describe(instance, index, &info);
              if (status == ONAGER_NOT_FOUND) return static_cast<onager_status>(ONAGER_OK);
              if (status != ONAGER_OK) return status;
              digest.add(info.name);
              const PlainArray array(info.dtype, info.rows, info.cols);
              auto view = array.view();
              status = table.read(instance, index, &view);
              if (status != ONAGER_OK) return status;
              digest.add(array.table());
            }
          }};
}

Living::Living(std::unique_ptr<Specimen> specimen, const LifeOf& life)
    : specimen_(std::move(specimen)), calls_(life(*specimen_)) {
  const auto* state = specimen_->interface<onager_named_arrays>(ONAGER_STATE);
  if (state && !calls_.empty()) calls_.push_back(reading(*specimen_, *state));
}

Living::Living(Trial& trial, const LifeOf& life)
    : Living(std::make_unique<Specimen>(trial, Conditions{trial.seed()}), life) {}

void Living::make_next() {
  Digest digest;
  const auto status = calls_[answers_.size()].make(digest);
  failed_ = status != ONAGER_OK;
  if (failed_) digest.add(std::int64_t{status});
  answers_.push_back(digest.value());
}

bool Living::go_on() {
  if (failed_ || answers_.size() == calls_.size()) return false;
  specimen_->trial().measured(calls_[answers_.size()].name.c_str(), [&] { make_next(); });
  return true;
}

void Living::go_to_the_end() {
  while (!failed_ && answers_.size() < calls_.size()) make_next();
}

std::optional<Answers> alone(const Trial& trial, const LifeOf& life) {
  // apart from the arrays and the prints of this process
  const auto folder = trial.scratch() / "alone";
  make_folder(folder);
  Answers out;
  bool found = false;
  const auto work = [&](const ChildLink& link) {
    Trial apart(trial.plan(), trial.seed(), folder, link);
    try {
      Living living(apart, life);
      while (living.go_on()) link.send(nlohmann::json{{"answer", living.answers().back()}}.dump());
    } catch (const CheckEnds&) {
    } catch (const Refused&) {
      link.send(nlohmann::json{{"refused", true}}.dump());
    }
  };
  const auto end = run_in_child(folder, seconds_alone, work, [&](const std::string& line) {
    const auto message = nlohmann::json::parse(line);
    if (message.contains("answer")) out.push_back(message["answer"]);
    else found = true;
  });
  if (found || !end.finished) return std::nullopt;
  return out;
}

std::optional<std::size_t> first_difference(const Answers& a, const Answers& b) {
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() && right == b.end()) return std::nullopt;
  return static_cast<std::size_t>(left - a.begin());
}

}  // namespace onager::host::conformance
