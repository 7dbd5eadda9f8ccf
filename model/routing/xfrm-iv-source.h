/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef XFRM_IV_SOURCE_H
#define XFRM_IV_SOURCE_H

#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <vector>

namespace ns3::xfrm
{

/**
 * @ingroup xfrm
 * @brief Where the initialisation vectors of a node's packets come from.
 *
 * Linux 4.1 counts them up from a random start (seqiv) or draws them (eseqiv for CBC).  Here they
 * are the sequence number, which no key sees twice, or drawn from an ns-3 stream.
 */
class IvSource
{
  public:
    /// @brief Draw vectors from now on.  @param random where from; null: take sequence numbers
    void SetRandom(const Ptr<UniformRandomVariable>& random)
    {
        m_random = random;
    }

    /**
     * @param sequence sequence number of the packet
     * @param nBytes length of the vector [bytes]
     * @return its vector: the number in network order, behind zeros; or random bytes
     */
    std::vector<uint8_t> Make(uint64_t sequence, uint32_t nBytes);

  private:
    Ptr<UniformRandomVariable> m_random; //!< where they are drawn; null: sequence numbers
};

} // namespace ns3::xfrm

#endif // XFRM_IV_SOURCE_H
