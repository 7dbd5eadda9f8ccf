/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_CORE_H
#define XFRM_PY_CORE_H

/**
 * @file
 * @ingroup xfrm
 * @brief The parts of the extension module xfrm._core, and the checks that they share.
 *
 * The package xfrm around it has the names, hints and documents that people see.
 */

#include "ns3/xfrm-flow-key.h"
#include "ns3/xfrm-refusal-rule.h"

#include <cstdint>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>

namespace ns3::xfrm::python
{

/// A span of kernels whose flow caches and keys are alike (doc/spec/flow-cache.md, section 12).
struct Generation
{
    std::string_view name; //!< the first of them, such as "linux-4.1"
    KeyLayout layout;      //!< their flow keys
    RefusalRule refusal;   //!< when they refuse new entries
};

/// @param kernel name of a generation @return it @throws std::invalid_argument if there is none
const Generation& FindGeneration(const std::string& kernel);

/// @param value a number @return it @throws std::invalid_argument naming it unless least <= value
/// <= most
int64_t CheckWhole(const char* name, int64_t value, int64_t least, int64_t most);

/// @brief Add FlowCache, make_flow_cache.  @param module the extension module
void BindFlowCache(pybind11::module_& module);

/// @brief Add make_flow_keys.  @param module the extension module
void BindFlowKeys(pybind11::module_& module);

/// @brief Add esp_parts, esp_lengths.  @param module the extension module
void BindEsp(pybind11::module_& module);

/// @brief Add Host, make_host.  @param module the extension module
void BindHost(pybind11::module_& module);

/// @brief Add ReplayWindow, make_replay_window.  @param module the extension module
void BindReplay(pybind11::module_& module);

/// @brief Add run.  @param module the extension module
void BindRun(pybind11::module_& module);

/// @brief Add study.  @param module the extension module
void BindStudy(pybind11::module_& module);

/// @brief Add conform, validate, decap, show.  @param module the extension module
void BindTools(pybind11::module_& module);

} // namespace ns3::xfrm::python

#endif // XFRM_PY_CORE_H
