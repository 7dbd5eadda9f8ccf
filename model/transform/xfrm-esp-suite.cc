/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-esp-suite.h"

#include "xfrm-libcrypto-algorithms.h"
#include "xfrm-network-order.h"

#include "ns3/xfrm-ipsec.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ns3::xfrm
{

namespace
{

/**
 * @brief A combined algorithm (RFC 4106, 4309, 4543, 7634).
 *
 * Nonce: salt, initialisation vector.  Authenticated besides the text: SPI, sequence number, which
 * is whole with ESN.  RFC 4543 encrypts nothing, and authenticates initialisation vector and text.
 */
class CombinedSuite : public EspSuite
{
  public:
    CombinedSuite(const Algorithm& aead, const EspLayout& layout)
        : m_layout(layout),
          m_cipher(MakeAeadCipher(aead, layout.icvBytes)),
          m_isClear(FindAlgorithm(AlgorithmKind::Aead, aead).name == "rfc4543(gcm(aes))")
    {
        const auto salt = GetSalt(AlgorithmKind::Aead, aead);
        m_saltBytes = salt.size();
        std::copy(salt.begin(), salt.end(), m_nonce.begin());
    }

    void Seal(std::span<uint8_t> packet, uint32_t sequenceHigh) override
    {
        const auto icv = packet.last(m_layout.icvBytes);
        const auto text = GetText(packet);
        m_cipher->Seal(Prepare(packet, sequenceHigh), m_isClear ? text.first(0) : text, icv);
    }

    int32_t Open(std::span<const uint8_t> packet,
                 uint32_t sequenceHigh,
                 std::span<uint8_t> clear) override
    {
        const auto icv = packet.last(m_layout.icvBytes);
        const auto text = GetText(packet);
        if (m_isClear)
        {
            std::copy(text.begin(), text.end(), clear.begin());
        }
        const bool isRight = m_cipher->Open(Prepare(packet, sequenceHigh),
                                            m_isClear ? text.first(0) : text,
                                            icv,
                                            m_isClear ? clear.first(0) : clear);
        return isRight ? 0 : error::BADMSG;
    }

  private:
    /// @return the text of a packet
    template <typename Byte>
    std::span<Byte> GetText(std::span<Byte> packet) const
    {
        const size_t start = m_layout.GetTextStart();
        return packet.subspan(start, packet.size() - start - m_layout.icvBytes);
    }

    /// @return what is authenticated besides the text, until the next call
    AeadInput Prepare(std::span<const uint8_t> packet, uint32_t sequenceHigh)
    {
        const auto iv = packet.subspan(EspLayout::HEADER_BYTES, m_layout.ivBytes);
        std::copy(iv.begin(), iv.end(), m_nonce.begin() + m_saltBytes);
        AeadInput input;
        input.nonce = std::span(m_nonce).first(m_saltBytes + iv.size());
        input.data = packet.first(EspLayout::HEADER_BYTES);
        if (m_layout.isExtended)
        {
            const auto high = ToNetworkOrder(sequenceHigh);
            std::copy_n(packet.begin(), 4, m_data.begin());
            std::copy(high.begin(), high.end(), m_data.begin() + 4);
            std::copy_n(packet.begin() + 4, 4, m_data.begin() + 8);
            input.data = m_data;
        }
        if (m_isClear)
        {
            input.more = packet.subspan(EspLayout::HEADER_BYTES);
            input.more = input.more.first(input.more.size() - m_layout.icvBytes);
        }
        return input;
    }

    EspLayout m_layout;                   //!< where the parts are
    std::unique_ptr<AeadCipher> m_cipher; //!< the cipher
    bool m_isClear{false};                //!< nothing is encrypted
    size_t m_saltBytes{0};                //!< start of the nonces that is always the same [bytes]
    std::array<uint8_t, 12> m_nonce{};    //!< nonce of the packet at hand
    std::array<uint8_t, 12> m_data{};     //!< SPI and sequence number of the packet at hand
};

/**
 * @brief A cipher, and a code over all that is sent (RFC 4303, sections 3.3.2 and 3.4.4).
 *
 * With ESN the upper half of the sequence number is authenticated behind the ciphertext (section
 * 2.2.1).  Counters (RFC 3686) start from nonce, initialisation vector and 1.
 */
class PairSuite : public EspSuite
{
  public:
    PairSuite(const StateConfig& config, const EspLayout& layout)
        : m_layout(layout),
          m_cipher(MakeCipher(*config.encryption)),
          m_mac(config.auth ? MakeMac(*config.auth) : nullptr)
    {
        const auto salt = GetSalt(AlgorithmKind::Encryption, *config.encryption);
        m_salt.assign(salt.begin(), salt.end());
    }

    void Seal(std::span<uint8_t> packet, uint32_t sequenceHigh) override
    {
        const auto sent = packet.first(packet.size() - m_layout.icvBytes);
        if (m_cipher)
        {
            m_cipher->Encrypt(MakeIv(packet), sent.subspan(m_layout.GetTextStart()));
        }
        Authenticate(sent, sequenceHigh, packet.last(m_layout.icvBytes));
    }

    int32_t Open(std::span<const uint8_t> packet,
                 uint32_t sequenceHigh,
                 std::span<uint8_t> clear) override
    {
        const auto received = packet.first(packet.size() - m_layout.icvBytes);
        const auto text = received.subspan(m_layout.GetTextStart());
        std::array<uint8_t, 64> whole{};
        const auto icv = std::span(whole).first(m_layout.icvBytes);
        Authenticate(received, sequenceHigh, icv);
        if (!std::equal(icv.begin(), icv.end(), packet.last(icv.size()).begin()))
        {
            return error::BADMSG;
        }
        if (text.size() % m_layout.unitBytes != 0)
        {
            return error::INVAL;
        }
        if (m_cipher)
        {
            m_cipher->Decrypt(MakeIv(packet), text, clear);
        }
        else
        {
            std::copy(text.begin(), text.end(), clear.begin());
        }
        return 0;
    }

  private:
    /// @return the cipher's initialisation vector, until the next call
    std::span<const uint8_t> MakeIv(std::span<const uint8_t> packet)
    {
        const auto iv = packet.subspan(EspLayout::HEADER_BYTES, m_layout.ivBytes);
        if (m_salt.empty())
        {
            return iv;
        }
        const auto behindSalt = std::copy(m_salt.begin(), m_salt.end(), m_counter.begin());
        const auto behindIv = std::copy(iv.begin(), iv.end(), behindSalt);
        std::fill(behindIv, m_counter.end(), 0);
        m_counter.back() = 1;
        return m_counter;
    }

    /// @brief Compute the check value.
    void Authenticate(std::span<const uint8_t> sent, uint32_t sequenceHigh, std::span<uint8_t> icv)
    {
        if (!m_mac)
        {
            return;
        }
        const auto high = ToNetworkOrder(sequenceHigh);
        m_mac->Compute({sent, std::span(high).first(m_layout.isExtended ? high.size() : 0)}, icv);
    }

    EspLayout m_layout;                  //!< where the parts are
    std::unique_ptr<Cipher> m_cipher;    //!< the cipher, null if it is the null cipher
    std::unique_ptr<Mac> m_mac;          //!< the code, null without authentication
    std::vector<uint8_t> m_salt;         //!< start of the counters, empty without
    std::array<uint8_t, 16> m_counter{}; //!< first counter of the packet at hand
};

} // namespace

std::unique_ptr<EspSuite>
MakeEspSuite(const StateConfig& config, const EspLayout& layout)
{
    if (config.aead)
    {
        return std::make_unique<CombinedSuite>(*config.aead, layout);
    }
    return std::make_unique<PairSuite>(config, layout);
}

} // namespace ns3::xfrm
