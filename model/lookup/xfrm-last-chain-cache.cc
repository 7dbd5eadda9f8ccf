/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-last-chain-cache.h"

#include "xfrm-namespace.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3::xfrm
{

LastChainCache::LastChainCache(Namespace& net, std::shared_ptr<LastChains> chains)
    : LookupCache(net),
      m_chains(std::move(chains))
{
    const uint32_t nCpus = net.GetCache().GetCpus();
    if (m_chains->byCpu.size() < nCpus)
    {
        throw std::invalid_argument("last chains of " + std::to_string(m_chains->byCpu.size()) +
                                    " CPUs: must be of " + std::to_string(nCpus) + " or more");
    }
}

LastChainCache::~LastChainCache()
{
    std::ranges::fill(m_chains->byCpu, nullptr);
}

Ptr<Bundle>
LastChainCache::FindChain(const WantedChain& wanted, CpuId cpu)
{
    const Ptr<Bundle>& last = m_chains->byCpu[cpu];
    // The device of the outer route against that of the plain one: a tunnel that leaves by another
    // device than its plaintext would is never used again.
    if (!last || last->GetPath()->GetDevice() != wanted.original.GetDevice() ||
        last->GetMatch().policies != wanted.policies)
    {
        return nullptr;
    }
    const bool isSame =
        std::ranges::equal(last->GetElements(),
                           wanted.states,
                           [](const BundleElement& element, const Ptr<State>& state) {
                               return element.state == state;
                           });
    return isSame && last->IsOk() ? last : nullptr;
}

void
LastChainCache::KeepChain(const Ptr<Bundle>& chain, CpuId cpu)
{
    m_chains->byCpu[cpu] = chain;
}

void
LastChainCache::DropStaleChains()
{
    for (Ptr<Bundle>& chain : m_chains->byCpu)
    {
        if (chain && !chain->IsOk())
        {
            chain = nullptr;
        }
    }
}

} // namespace ns3::xfrm
