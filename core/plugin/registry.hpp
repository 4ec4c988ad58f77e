// SPDX-License-Identifier: MIT
#pragma once

#include <onager/abi.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace onager::host {

/// A library that was loaded and whose descriptor was checked. It stays loaded to the end.
struct LoadedPlugin {
  std::filesystem::path file;  // canonical; "" when linked into the program
  std::string origin;          // "--plugin-path", "ONAGER_PLUGIN_PATH", "user", "installed"
  const onager_plugin* descriptor = nullptr;

  /// "org.example.mine 1.2.0"
  std::string name() const;
};

/// A component with the plugin it came from.
struct ComponentEntry {
  const LoadedPlugin* plugin = nullptr;
  const onager_component* component = nullptr;

  std::string kind() const { return component->kind; }
  std::string id() const { return component->id; }
  /// "org.example.mine/cauchy"
  std::string qualified_id() const;
};

/// The origin of the program's own plugins.
extern const char* const own_origin;

/// A folder or file to look in, in order of precedence.
struct PluginPlace {
  std::filesystem::path path;
  std::string origin;
};

/// A plugin that a run is to use, as a lock.toml names it.
struct PluginPin {
  std::string id, version;
  std::string sha256;          // of the library; "" where it has no file
  std::string package;         // file name of the package that it was installed from; "" for none
  std::string package_sha256;  // of that file
  std::string url;             // where the plugin comes from; "" where it does not say
};

/// What is loaded of what is found.
struct LoadRules {
  /// Of a plugin that is pinned, a folder's installed versions give the pinned one where it is
  /// there; else and of others the newest.
  std::vector<PluginPin> pins;
  /// Why a library may not be loaded, or ""; asked before anything of it runs.
  std::function<std::string(const std::filesystem::path& file, const std::string& origin)> refusal;
  /// Whether each library but the program's own is first loaded in a process of its own, so that
  /// one that crashes or never returns is a problem like any other.
  bool try_first = false;
};

/// What a user should know about a file that was found: why it, or a part of it, is not used, or
/// what is odd about it.
struct PluginProblem {
  std::filesystem::path file;
  std::string message;  // complete, names the file
};

/// All components found. Passed by reference to whoever needs it.
class Registry {
 public:
  Registry() = default;
  Registry(Registry&&) = default;
  Registry& operator=(Registry&&) = default;

  /// Loads every *.so of the places, in order, and of installed plugins, which lie in folders
  /// ID/VERSION below a place, one version. A file that lies in several is loaded once. A place
  /// that is a file must load, and so must a place the user named on the command line exist: else
  /// Error(plugin). Files found in folders that do not load are problems().
  ///
  /// Two plugins that offer the same kind and id: the earlier one wins for the bare id and the
  /// later keeps its qualified id; in one place that is a problem too. Two plugins with one plugin
  /// id: the earlier one is used, the later is not and becomes a problem.
  static Registry load(const std::vector<PluginPlace>& places, const LoadRules& rules = {});

  /// Loads one file and adds its components; nothing when it was loaded before. Throws
  /// Error(plugin), also when another plugin has its id.
  void add(const std::filesystem::path& file, const std::string& origin);

  /// Adds the components of a plugin that is linked into the program; the descriptor is checked as
  /// a loaded one is and must live as long as the registry. Throws Error(plugin).
  void add(const onager_plugin* descriptor, const std::string& origin);

  /// By bare id ("cauchy") or qualified id ("org.example.mine/cauchy"); nullptr when there is none.
  const ComponentEntry* find(const std::string& kind, const std::string& id) const;

  /// What to write in a pipeline file to mean this entry: its bare id, or its qualified id where
  /// the bare one means another.
  std::string usable_id(const ComponentEntry& entry) const;

  /// All entries, by kind in the order of component_kinds(), then by id, then as they were added.
  const std::vector<ComponentEntry>& all() const { return entries_; }
  /// In the order they were found.
  const std::vector<std::unique_ptr<LoadedPlugin>>& plugins() const { return plugins_; }
  /// Bare ids of a kind, for suggestions.
  std::vector<std::string> ids(const std::string& kind) const;

  const std::vector<PluginProblem>& problems() const { return problems_; }
  const std::vector<PluginPlace>& places() const { return places_; }

 private:
  void load_place(const PluginPlace& place);
  const LoadedPlugin* loaded(const std::filesystem::path& canonical) const;
  /// Plugins from `first_of_place` on came from the same place. "" or why it is not used.
  std::string admit(LoadedPlugin plugin, std::size_t first_of_place);
  std::string load_file(const std::filesystem::path& file, const std::string& origin,
                        std::size_t first_of_place);
  void report_clash(const ComponentEntry& entry, std::size_t first_of_place);

  std::vector<PluginPlace> places_;
  LoadRules rules_;
  std::vector<std::unique_ptr<LoadedPlugin>> plugins_;
  std::vector<ComponentEntry> entries_;
  std::vector<PluginProblem> problems_;
};

/// "dataset", "feature_map", "kernel", "model", "loss", "optimizer", "diagnostic"
const std::vector<std::string>& component_kinds();

/// The user's plugin folder: $XDG_DATA_HOME/onager/plugins, else ~/.local/share/onager/plugins; ""
/// when neither is set.
std::filesystem::path user_plugin_folder();

/// The library folders of this program's prefix, which need not exist: lib, lib64 and, where a
/// system keeps several machines apart, folders of lib.
std::vector<std::filesystem::path> own_library_folders();

/// Where plugins are looked for: `named` (the --plugin-path options), ONAGER_PLUGIN_PATH (split at
/// ':'), the user's folder ($XDG_DATA_HOME or ~/.local/share, then onager/plugins), and the folder
/// of the program's own plugins: `plugins` beside the program, else onager/plugins in a library
/// folder of its prefix. Places other than `named` that do not exist are left out.
std::vector<PluginPlace> plugin_places(const std::vector<std::string>& named);

/// Which of known_interfaces() a component offers (asked with instance NULL).
std::vector<std::string> offered_interfaces(const ComponentEntry& entry);

}  // namespace onager::host
