# onager_add_plugin(NAME SOURCES file... [VENDOR name] [URL address])
#
# A plugin library NAME.so: one exported symbol, everything resolved at link time, optimised so that
# the loops of the SDK become SIMD code. -ffast-math is refused, because a library built with it
# changes the floating-point mode of every program that loads it.
set(ONAGER_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map" CACHE INTERNAL
  "The linker's list of what a plugin exports")

function(onager_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VENDOR;URL" "SOURCES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "onager_add_plugin(${name}): SOURCES is empty")
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
  set(all_flags "${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS_${configuration}}")
  if(all_flags MATCHES "-ffast-math|-Ofast|-funsafe-math-optimizations")
    message(FATAL_ERROR "onager_add_plugin(${name}): build without -ffast-math and -Ofast")
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE onager::sdk)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_features(${name} PRIVATE cxx_std_17)
  target_compile_options(${name} PRIVATE -fno-math-errno -fno-trapping-math)
  if(NOT CMAKE_BUILD_TYPE OR CMAKE_BUILD_TYPE MATCHES "Rel")
    target_compile_options(${name} PRIVATE -O3)
  endif()
  if(arg_VENDOR)
    target_compile_definitions(${name} PRIVATE "ONAGER_PLUGIN_VENDOR=\"${arg_VENDOR}\"")
  endif()
  if(arg_URL)
    target_compile_definitions(${name} PRIVATE "ONAGER_PLUGIN_URL=\"${arg_URL}\"")
  endif()
  if(NOT ONAGER_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  target_link_options(${name} PRIVATE "-Wl,--version-script=${ONAGER_PLUGIN_MAP}")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${ONAGER_PLUGIN_MAP}")
endfunction()

# onager_add_plugin_tests(NAME PIPELINE file)
#
# Tests of a plugin of this project: it keeps the rules of the ABI, and the pipeline file, which uses
# it, runs to its end.
function(onager_add_plugin_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PIPELINE" "")
  if(NOT arg_PIPELINE)
    message(FATAL_ERROR "onager_add_plugin_tests(${name}): PIPELINE is empty")
  endif()
  if(NOT ONAGER_PROGRAM)
    message(FATAL_ERROR "onager_add_plugin_tests(${name}): the program onager is not in the prefix "
      "of this SDK; set ONAGER_PROGRAM")
  endif()
  get_filename_component(pipeline "${arg_PIPELINE}" ABSOLUTE)
  add_test(NAME "${name}_pipeline"
    COMMAND "${CMAKE_COMMAND}" -E chdir "${CMAKE_CURRENT_BINARY_DIR}"
      "${ONAGER_PROGRAM}" --plugin-path "$<TARGET_FILE:${name}>" run "${pipeline}")
endfunction()
