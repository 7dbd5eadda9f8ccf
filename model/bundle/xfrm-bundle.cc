/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-bundle.h"

#include <algorithm>
#include <utility>

namespace ns3::xfrm
{

namespace
{

/// @brief Remember a path MTU.  @param cached where @param mtu the MTU now @return whether it
/// differs
bool
Refresh(uint32_t& cached, uint32_t mtu)
{
    const bool isChanged = cached != mtu;
    cached = mtu;
    return isChanged;
}

} // namespace

Bundle::Bundle(const Ptr<DstAccount>& account, PolicyMatch match)
    : m_account(account),
      m_match(std::move(match))
{
}

Bundle::Bundle(const Ptr<DstAccount>& account, PolicyMatch match, const Ptr<Route>& path)
    : m_account(account),
      m_match(std::move(match)),
      m_path(path),
      m_notesChanges(path->NotesChanges())
{
}

Bundle::Bundle(const Ptr<DstAccount>& account,
               std::vector<BundleElement> elements,
               const Ptr<Route>& path)
    : m_account(account),
      m_elements(std::move(elements)),
      m_path(path)
{
    uint32_t headerLength = 0;
    uint32_t trailerLength = 0;
    for (auto element = m_elements.rbegin(); element != m_elements.rend(); ++element)
    {
        headerLength += element->state->GetHeaderLength();
        trailerLength += element->state->GetTrailerLength();
        element->headerLength = headerLength;
        element->trailerLength = trailerLength;
        m_notesChanges = m_notesChanges && element->route->NotesChanges();
    }
    m_notesChanges = m_notesChanges && m_path->NotesChanges();
    InitializeMtus();
}

Bundle::~Bundle()
{
    if (const Ptr<DstAccount> account = m_account)
    {
        account->Free(Disown());
    }
}

uint32_t
Bundle::Disown()
{
    m_account = nullptr;
    return IsDummy() ? 1 : static_cast<uint32_t>(m_elements.size());
}

void
Bundle::SetMatch(PolicyMatch match)
{
    m_match = std::move(match);
    m_policyGenid = m_match.policies.empty() ? 0 : m_match.policies.front()->GetGenid();
}

uint32_t
Bundle::GetChildMtu(size_t i) const
{
    return i + 1 < m_elements.size() ? m_elements[i + 1].mtu : m_path->GetMtu();
}

void
Bundle::InitializeMtus()
{
    for (size_t i = m_elements.size(); i-- > 0;)
    {
        BundleElement& element = m_elements[i];
        element.childMtu = GetChildMtu(i);
        element.routeMtu = element.route->GetMtu();
        element.mtu = std::min(element.state->GetMtu(element.childMtu), element.routeMtu);
    }
}

void
Bundle::UpdateMtus(size_t lastChanged)
{
    uint32_t mtu = m_elements[lastChanged].childMtu;
    for (size_t i = lastChanged;; --i)
    {
        BundleElement& element = m_elements[i];
        mtu = std::min(element.state->GetMtu(mtu), element.routeMtu);
        element.mtu = mtu;
        if (i == 0)
        {
            return;
        }
        m_elements[i - 1].childMtu = mtu;
    }
}

bool
Bundle::IsOk()
{
    if (!m_path || !m_path->IsValid() || !m_path->IsDeviceUp())
    {
        return false;
    }
    if (IsQueue())
    {
        return true;
    }
    if (!m_match.policies.empty() && m_policyGenid != m_match.policies.front()->GetGenid())
    {
        // Looked at behind the first state in the kernel, which shows in no result.
        return false;
    }
    size_t lastChanged = m_elements.size();
    for (size_t i = 0; i < m_elements.size(); ++i)
    {
        BundleElement& element = m_elements[i];
        if (element.state->GetStatus() != StateStatus::Valid ||
            element.stateGenid != element.state->GetGenid())
        {
            return false;
        }
        if (Refresh(element.childMtu, GetChildMtu(i)))
        {
            lastChanged = i;
        }
        if (!element.route->IsValid())
        {
            return false;
        }
        if (Refresh(element.routeMtu, element.route->GetMtu()))
        {
            lastChanged = i;
        }
    }
    if (lastChanged < m_elements.size())
    {
        UpdateMtus(lastChanged);
    }
    return true;
}

Consent
Bundle::Get()
{
    if (IsQueue())
    {
        return Consent::Refused; // the state may be there by now
    }
    if (IsDummy())
    {
        // The policies' death is not looked at: a block or bypass stays until its entry goes (C2).
        return m_match.nTransforms > 0 ? Consent::Refused : Consent::UntilChange;
    }
    if (!IsOk())
    {
        return Consent::Refused;
    }
    return m_notesChanges ? Consent::UntilChange : Consent::Once;
}

bool
Bundle::Check()
{
    return IsOk();
}

void
Bundle::Delete()
{
    Unref();
}

} // namespace ns3::xfrm
