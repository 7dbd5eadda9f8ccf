/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_NEIGHBOUR_H
#define XFRM_TEST_NEIGHBOUR_H

#include "xfrm-test-line.h"

#include "ns3/test.h"

#include <functional>
#include <string>
#include <utility>

namespace ns3::xfrm::tests
{

/**
 * @ingroup xfrm-tests
 * @brief Something of ns-3 that sits next to routing, without the module, with nothing configured,
 *        with a hook that lets everything through, and with cores whose work takes no time: its
 *        result is the same.
 */
class NeighbourTestCase : public TestCase
{
  public:
    /// @param name what it is @param run runs it, and gives its result; empty: it did not work
    NeighbourTestCase(const std::string& name, std::function<std::string(Installed)> run)
        : TestCase(name + " goes on working"),
          m_run(std::move(run))
    {
    }

  private:
    void DoRun() override
    {
        const std::string plain = m_run(Installed::Nothing);
        NS_TEST_ASSERT_MSG_NE(plain, "", "plain ns-3");
        const bool isSameEmpty = m_run(Installed::Empty) == plain;
        const bool isSameHooked = m_run(Installed::PassingHook) == plain;
        const bool isSameOnCores = m_run(Installed::FreeCores) == plain;
        NS_TEST_EXPECT_MSG_EQ(isSameEmpty, true, "nothing configured");
        NS_TEST_EXPECT_MSG_EQ(isSameHooked, true, "everything diverted");
        NS_TEST_EXPECT_MSG_EQ(isSameOnCores, true, "everything by cores that take no time");
    }

    std::function<std::string(Installed)> m_run; //!< runs it
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_NEIGHBOUR_H
