/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_TEST_STATES_H
#define XFRM_TEST_STATES_H

#include "ns3/ptr.h"
#include "ns3/xfrm-state-database.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ns3::xfrm::tests
{

/// @return a state 203.0.113.1 -> 203.0.113.2: ESP, tunnel, reqid 1, AES-GCM, any flow
/// @param spi its SPI
StateConfig MakeStateConfig(uint32_t spi);

/// @brief Make it a state of AH with HMAC-SHA-1.  @param config its makeup
void UseAh(StateConfig& config);

/// @return an algorithm with a key of zeros
/// @param name its name @param nKeyBytes length of its key @param icvBits its check value
Algorithm MakeAlgorithm(const std::string& name, size_t nKeyBytes, uint32_t icvBits = 0);

/// @return the state of MakeStateConfig() with a cipher of its own
/// @param encryption the cipher @param auth authentication, if there is one
StateConfig MakePair(const Algorithm& encryption, const std::optional<Algorithm>& auth = {});

/// @return the same with AES-CBC @param auth authentication
StateConfig MakeCbc(const Algorithm& auth);

/// @return a void state, with what its protocol does if it is ESP or AH @param config its makeup
Ptr<State> MakeState(const StateConfig& config);

/// @return what asks for the state of MakeStateConfig()
StateRequest MakeStateRequest();

/// @return a UDP flow 10.1.0.2:5000 -> 10.2.0.2:6000
Flow MakeStateFlow();

/// @return a selector that takes that flow and no other
Selector MakeStateSelector();

/**
 * @ingroup xfrm-tests
 * @brief A state database, with short words for what tests do to it.
 */
class StateDatabaseFixture
{
  public:
    /// @brief Add a state, which has to succeed.
    /// @param spi its SPI @param now the time @param change changes its makeup, if not empty
    /// @return the state
    Ptr<State> Add(uint32_t spi,
                   uint64_t now = 1,
                   const std::function<void(StateConfig&)>& change = {});

    /// @brief Insert a state that is not in service.
    /// @param spi its SPI @param change changes its makeup, if not empty @param status its status
    /// @return the state
    Ptr<State> AddLarval(uint32_t spi,
                         const std::function<void(StateConfig&)>& change = {},
                         StateStatus status = StateStatus::Acquire);

    /// @brief Search for the flow of MakeStateFlow().  The work of it replaces the last one's.
    /// @param request what is asked for @return the answer
    StateDatabase::Found Find(const StateRequest& request = MakeStateRequest());

    /// @return the SPI found for the flow of MakeStateFlow(), or the error
    /// @param request what is asked for
    int64_t FindSpi(const StateRequest& request = MakeStateRequest());

    /// @return the state of MakeStateConfig() with this SPI, as input finds it, or null
    /// @param spi the SPI @param mark the packet's mark
    Ptr<State> LookUp(uint32_t spi, uint32_t mark = 0);

    /// @return the SPIs of all states, in the list's order: "3 2 1"
    std::string GetSpis() const;

    /// @return the SPIs of a chain, head first: "3 2 1" @param chain the chain
    static std::string GetSpis(const StateChain& chain);

    StateDatabase database; //!< the database
    StateWork work;         //!< work of the last Find() or LookUp()
};

} // namespace ns3::xfrm::tests

#endif // XFRM_TEST_STATES_H
