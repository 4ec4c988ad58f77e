// SPDX-License-Identifier: MIT
#include "run_program.hpp"

#include "scratch.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace onager::test {

Finished shell(const std::string& command) {
  const Scratch scratch;
  const std::string out = (scratch.path() / "out").string(),
                    err = (scratch.path() / "err").string();
  const int raw = std::system(("{ " + command + "\n} >'" + out + "' 2>'" + err + "'").c_str());
  Finished finished;
  finished.status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
  finished.out = read(out);
  finished.err = read(err);
  return finished;
}

Finished onager(const std::string& arguments, const fs::path& folder) {
  return shell("cd '" + folder.string() + "' && '" ONAGER_PROGRAM "' " + arguments);
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace onager::test
