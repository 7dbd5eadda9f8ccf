/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IN_PLACE_ACTION_H
#define XFRM_IN_PLACE_ACTION_H

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Something to do later, kept in place: a std::function that can't be copied and takes no
 * memory of its own, since every packet needs some.
 *
 * What it keeps must not throw when it is moved; ns-3's types don't say so, hence no check of it.
 *
 * @tparam Capacity room for what it keeps [bytes]; what is larger does not compile
 */
template <size_t Capacity>
class InPlaceAction
{
  public:
    // Implicit as std::function; the constraint leaves moves to the other; the body sets m_place.
    // NOLINTBEGIN(*-explicit-constructor, *-reference-overload, *-member-init)

    /// @param action what is to be done; moved or copied into place
    template <class Action>

    requires(!std::same_as<std::remove_cvref_t<Action>, InPlaceAction>)
        InPlaceAction(Action&& action)
        : m_kind(&KIND<std::decay_t<Action>>)
    {
        using Kept = std::decay_t<Action>;
        static_assert(sizeof(Kept) <= Capacity && alignof(Kept) <= alignof(std::max_align_t));
        std::construct_at(reinterpret_cast<Kept*>(m_place), std::forward<Action>(action));
    }

    InPlaceAction(InPlaceAction&& other) noexcept
        : m_kind(other.m_kind)
    {
        m_kind->move(other.m_place, m_place);
    }

    // NOLINTEND(*-explicit-constructor, *-reference-overload, *-member-init)

    ~InPlaceAction()
    {
        m_kind->destroy(m_place);
    }

    InPlaceAction(const InPlaceAction&) = delete;
    InPlaceAction& operator=(const InPlaceAction&) = delete;
    InPlaceAction& operator=(InPlaceAction&&) = delete;

    /// @brief Do it.
    void operator()()
    {
        m_kind->call(m_place);
    }

  private:
    /// How a type of action is handled.
    struct Kind
    {
        void (*call)(std::byte* action);                       //!< do it
        void (*move)(std::byte* from, std::byte* to) noexcept; //!< make one of another
        void (*destroy)(std::byte* action) noexcept;           //!< end its life
    };

    template <class Action>
    static Action* At(std::byte* place)
    {
        return std::launder(reinterpret_cast<Action*>(place));
    }

    template <class Action>
    static constexpr Kind KIND{
        [](std::byte* action) { (*At<Action>(action))(); },
        [](std::byte* from, std::byte* to) noexcept {
            std::construct_at(reinterpret_cast<Action*>(to), std::move(*At<Action>(from)));
        },
        [](std::byte* action) noexcept { std::destroy_at(At<Action>(action)); }};

    const Kind* m_kind;                                    //!< how what it keeps is handled
    alignas(std::max_align_t) std::byte m_place[Capacity]; //!< what it keeps
};

} // namespace ns3::xfrm

#endif // XFRM_IN_PLACE_ACTION_H
