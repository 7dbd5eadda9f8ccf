/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_PY_CLASS_H
#define XFRM_PY_CLASS_H

/**
 * @file
 * @ingroup xfrm
 * @brief Classes of the extension module whose objects always are complete.
 */

#include <pybind11/pybind11.h>

namespace ns3::xfrm::python
{

/**
 * @brief Let nobody but a function of the module make objects of a class.
 *
 * Objects that __new__ made without __init__, or whose __class__ was changed, would be taken for
 * complete ones of their class, and end the interpreter.
 *
 * @param bound the class, which has no constructor, and is_final()
 */
inline void
Seal(const pybind11::object& bound)
{
    auto* type = reinterpret_cast<PyTypeObject*>(bound.ptr());
    type->tp_new = nullptr;
    type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION;
    PyType_Modified(type);
}

} // namespace ns3::xfrm::python

#endif // XFRM_PY_CLASS_H
