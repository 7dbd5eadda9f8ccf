/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-py-core.h"

#include "xfrm-conformance.h"
#include "xfrm-py-configs.h"

#include "ns3/xfrm-ip-xfrm-error.h"
#include "ns3/xfrm-run-config.h"

#include <algorithm>
#include <array>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace py = pybind11;

namespace ns3::xfrm::python
{

namespace
{

constexpr std::array<Generation, 5> GENERATIONS{{
    {"linux-4.1", KeyLayout::Linux41, RefusalRule::Never()},
    {"linux-4.3", KeyLayout::Linux43, RefusalRule::Never()},
    {"linux-4.6", KeyLayout::Linux43, RefusalRule::Linux46()},
    {"linux-4.8", KeyLayout::Linux43, RefusalRule::Linux410()},
    {"linux-4.10", KeyLayout::Linux410, RefusalRule::Linux410()},
}};

/// @return the class XfrmError, made on the first call; lives as long as the interpreter
PyObject*
GetXfrmError()
{
    static PyObject* const type =
        PyErr_NewExceptionWithDoc("xfrm.XfrmError",
                                  "What goes wrong and is neither a bad value nor a file's.",
                                  PyExc_RuntimeError,
                                  nullptr);
    return type;
}

/// Turns the module's exceptions into Python's; those that are Python's are left to pybind11.
void
Translate(std::exception_ptr thrown)
{
    try
    {
        std::rethrow_exception(std::move(thrown));
    }
    catch (const py::error_already_set&)
    {
        throw;
    }
    catch (const py::builtin_exception&)
    {
        throw;
    }
    catch (const ConfigError& error)
    {
        PyErr_SetString(PyExc_ValueError, error.what());
    }
    catch (const conformance::InputError& error)
    {
        PyErr_SetString(PyExc_ValueError, error.what());
    }
    catch (const IpXfrmError& error)
    {
        PyErr_SetString(PyExc_ValueError, error.what());
    }
    catch (const std::system_error& error)
    {
        PyErr_SetString(PyExc_OSError, error.what());
    }
    catch (const std::invalid_argument& error)
    {
        PyErr_SetString(PyExc_ValueError, error.what());
    }
    catch (const std::bad_alloc&)
    {
        PyErr_NoMemory();
    }
    catch (const std::exception& error)
    {
        PyErr_SetString(GetXfrmError(), error.what());
    }
}

} // namespace

const Generation&
FindGeneration(const std::string& kernel)
{
    const auto* const found =
        std::find_if(GENERATIONS.begin(), GENERATIONS.end(), [&](const Generation& generation) {
            return generation.name == kernel;
        });
    if (found != GENERATIONS.end())
    {
        return *found;
    }
    std::string names;
    for (const Generation& generation : GENERATIONS)
    {
        names += (names.empty() ? "" : ", ") + std::string(generation.name);
    }
    throw std::invalid_argument("kernel " + kernel + ": must be one of " + names);
}

int64_t
CheckWhole(const char* name, int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
    {
        throw std::invalid_argument(std::string(name) + " " + std::to_string(value) +
                                    ": must be a whole number from " + std::to_string(least) +
                                    " to " + std::to_string(most));
    }
    return value;
}

} // namespace ns3::xfrm::python

PYBIND11_MODULE(_core, module)
{
    module.doc() = "What the package xfrm is made of; not for direct use.";
    module.attr("XfrmError") = py::handle(ns3::xfrm::python::GetXfrmError());
    py::register_local_exception_translator(&ns3::xfrm::python::Translate);
    ns3::xfrm::python::BindConfigs(module);
    ns3::xfrm::python::BindEsp(module);
    ns3::xfrm::python::BindFlowCache(module);
    ns3::xfrm::python::BindFlowKeys(module);
    ns3::xfrm::python::BindHost(module);
    ns3::xfrm::python::BindReplay(module);
    ns3::xfrm::python::BindRun(module);
    ns3::xfrm::python::BindStudy(module);
    ns3::xfrm::python::BindTools(module);
}
