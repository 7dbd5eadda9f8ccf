/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_HUGE_PAGE_ALLOCATOR_H
#define XFRM_HUGE_PAGE_ALLOCATOR_H

#include <cstddef>
#include <new>
#include <sys/mman.h>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Allocator for large arrays that are read at random: asks the host for huge pages.
 *
 * Without them each access to another page of a large array costs the host a walk of its page
 * tables.  Arrays below the size of a huge page are allocated as usual.
 */
template <typename T>
class HugePageAllocator
{
  public:
    using value_type = T; //!< what is allocated

    HugePageAllocator() = default;

    /// Allocators of all types are the same.
    template <typename U>
    HugePageAllocator(const HugePageAllocator<U>&) // NOLINT(google-explicit-constructor)
    {
    }

    /// @param n number of elements @return memory for them @throws std::bad_alloc if there is none
    T* allocate(size_t n)
    {
        const size_t size = (n * sizeof(T) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        if (n * sizeof(T) < HUGE_PAGE)
        {
            return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{alignof(T)}));
        }
        void* memory = ::operator new (size, std::align_val_t{HUGE_PAGE});
#ifdef MADV_HUGEPAGE
        madvise(memory, size, MADV_HUGEPAGE); // a hint: it may fail without harm
#endif
        return static_cast<T*>(memory);
    }

    /// @param memory from allocate() @param n the same number
    void deallocate(T* memory, size_t n)
    {
        const size_t alignment = n * sizeof(T) < HUGE_PAGE ? alignof(T) : HUGE_PAGE;
        ::operator delete (memory, std::align_val_t{alignment});
    }

    bool operator==(const HugePageAllocator&) const = default;

  private:
    static constexpr size_t HUGE_PAGE{size_t{1} << 21}; //!< size and alignment [bytes]
};

} // namespace ns3::xfrm

#endif // XFRM_HUGE_PAGE_ALLOCATOR_H
