// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace onager::host {

/// A plugin project that is to be written: one component in one file of code.
struct ProjectRequest {
  std::filesystem::path folder;  // its name becomes the component's id
  std::string kind;              // of component_kinds()
  std::string language;          // of project_languages()
};

/// "c", "cpp", "fortran", "rust"
const std::vector<std::string>& project_languages();

/// Writes a project that builds against the installed SDK and returns its files. A template is
/// `any`, `languages/LANGUAGE`, the files of `kinds/KIND` and `kinds/KIND/LANGUAGE`, laid over one
/// another: each a working project whose component is called template_name (as a type
/// TemplateName), and its file template_source.
///
/// Throws Error(config) when the folder's name cannot be an id or the folder is not empty, and
/// Error(system) when it cannot be written.
std::vector<std::filesystem::path> write_project(const ProjectRequest& request,
                                                 const std::filesystem::path& templates);

}  // namespace onager::host
