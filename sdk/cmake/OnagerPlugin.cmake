# onager_add_plugin(NAME SOURCES file... [VENDOR name] [URL address])
#
# A plugin library NAME.so of C, C++ or Fortran sources, or of one Rust source: one exported symbol,
# everything resolved at link time, optimised so that the loops of the SDK become SIMD code.
# -ffast-math is refused, because a library built with it changes the floating-point mode of every
# program that loads it.
set(ONAGER_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map" CACHE INTERNAL
  "The linker's list of what a plugin exports")
if(NOT ONAGER_SHARED_DIR)
  set(ONAGER_SHARED_DIR "${CMAKE_CURRENT_LIST_DIR}/..")
endif()
set(ONAGER_LANGUAGES "${ONAGER_SHARED_DIR}" CACHE INTERNAL
  "The folder of the SDK for Fortran and Rust")

function(onager_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VENDOR;URL" "SOURCES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "onager_add_plugin(${name}): SOURCES is empty")
  endif()
  if(arg_SOURCES MATCHES "\\.rs$")
    onager_add_rust_library(${name} "${arg_SOURCES}")
    return()
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
  set(all_flags "${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS} ${CMAKE_Fortran_FLAGS}")
  foreach(language C CXX Fortran)
    string(APPEND all_flags " ${CMAKE_${language}_FLAGS_${configuration}}")
  endforeach()
  if(all_flags MATCHES "-ffast-math|-Ofast|-funsafe-math-optimizations")
    message(FATAL_ERROR "onager_add_plugin(${name}): build without -ffast-math and -Ofast")
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE onager::sdk m)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(arg_SOURCES MATCHES "\\.cpp|\\.cc|\\.cxx")
    target_compile_features(${name} PRIVATE cxx_std_17)
  endif()
  if(arg_SOURCES MATCHES "\\.[fF]90")
    target_sources(${name} PRIVATE "${ONAGER_LANGUAGES}/fortran/onager.f90")
    set_target_properties(${name} PROPERTIES
      Fortran_MODULE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}_modules")
  endif()
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
  set_target_properties(${name} PROPERTIES ONAGER_FILE "$<TARGET_FILE:${name}>")
endfunction()

# NAME.so of a Rust source by rustc alone, with the SDK's module `onager`.
function(onager_add_rust_library name source)
  find_program(ONAGER_RUSTC rustc)
  if(NOT ONAGER_RUSTC)
    message(FATAL_ERROR "onager_add_plugin(${name}): there is no rustc; install Rust")
  endif()
  execute_process(COMMAND "${ONAGER_RUSTC}" --version OUTPUT_VARIABLE version)
  string(REGEX MATCH "[0-9]+\\.[0-9]+" version "${version}")
  set(flags --edition 2021 -C opt-level=3 -C strip=symbols)
  if(NOT version VERSION_LESS 1.89)
    list(APPEND flags --cfg onager_avx512)  # since then Rust has it
  endif()
  if(NOT version VERSION_LESS 1.80)
    list(APPEND flags --check-cfg "cfg(onager_avx512)")
  endif()
  get_filename_component(source "${source}" ABSOLUTE)
  file(GLOB modules CONFIGURE_DEPENDS "${ONAGER_LANGUAGES}/rust/onager/*.rs")
  set(sdk "${CMAKE_CURRENT_BINARY_DIR}/${name}_rust/libonager.rlib")
  set(library "${CMAKE_CURRENT_BINARY_DIR}/${name}.so")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}_rust")
  add_custom_command(OUTPUT "${sdk}"
    COMMAND "${ONAGER_RUSTC}" ${flags} --crate-type rlib --crate-name onager -o "${sdk}"
            "${ONAGER_LANGUAGES}/rust/onager/lib.rs"
    DEPENDS ${modules} VERBATIM)
  add_custom_command(OUTPUT "${library}"
    COMMAND "${ONAGER_RUSTC}" ${flags} --crate-type cdylib --crate-name ${name}
            --extern "onager=${sdk}" -C link-arg=-Wl,-z,defs -o "${library}" "${source}"
    DEPENDS "${source}" "${sdk}" VERBATIM)
  add_custom_target(${name} ALL DEPENDS "${library}")
  set_target_properties(${name} PROPERTIES ONAGER_FILE "${library}")
endfunction()

# onager_add_plugin_tests(NAME PIPELINE file)
#
# Tests of a plugin of this project: it keeps the rules of the ABI, tried with its defaults and with
# the parameters of the pipeline file, and that file, which uses it, runs to its end. None with
# -DBUILD_TESTING=OFF.
function(onager_add_plugin_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PIPELINE" "")
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    return()
  endif()
  if(NOT arg_PIPELINE)
    message(FATAL_ERROR "onager_add_plugin_tests(${name}): PIPELINE is empty")
  endif()
  if(NOT ONAGER_PROGRAM)
    message(FATAL_ERROR "onager_add_plugin_tests(${name}): the program onager is not in the prefix "
      "of this SDK; set ONAGER_PROGRAM")
  endif()
  get_filename_component(pipeline "${arg_PIPELINE}" ABSOLUTE)
  set(file "$<GENEX_EVAL:$<TARGET_PROPERTY:${name},ONAGER_FILE>>")
  add_test(NAME "${name}_rules"
    COMMAND "${CMAKE_COMMAND}" -E chdir "${CMAKE_CURRENT_BINARY_DIR}"
      "${ONAGER_PROGRAM}" plugin test "${file}" --examples "${pipeline}")
  add_test(NAME "${name}_pipeline"
    COMMAND "${CMAKE_COMMAND}" -E chdir "${CMAKE_CURRENT_BINARY_DIR}"
      "${ONAGER_PROGRAM}" --plugin-path "${file}" run "${pipeline}")
endfunction()
