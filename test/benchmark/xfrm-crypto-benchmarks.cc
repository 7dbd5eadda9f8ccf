/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "xfrm-benchmarks.h"
#include "xfrm-test-codecs.h"
#include "xfrm-test-states.h"

#include "ns3/xfrm-esp-suite.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <string>
#include <vector>

namespace ns3::xfrm::bench
{

namespace
{

/// The ciphertext: what `openssl speed -bytes 1400` encrypts [bytes].
constexpr uint32_t TEXT_BYTES{1400};
constexpr uint32_t IV_BYTES{8};      //!< initialisation vector [bytes]
constexpr uint32_t ICV_BYTES{16};    //!< integrity check value [bytes]
constexpr uint32_t CRYPTO_BATCH{64}; //!< packets in one measured batch

/// @return a state of ESP with AES-GCM, key of 128 bits
StateConfig
MakeConfig()
{
    StateConfig config = tests::MakeStateConfig(0x1001);
    config.aead->key = tests::MakePattern(20, 0x10);
    return config;
}

/// What `openssl speed -evp aes-128-gcm -aead` repeats: initialisation vector, 13 bytes of
/// associated data, text, end.
void
BenchOpenssl(benchmark::State& state)
{
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(),
        EVP_CIPHER_CTX_free);
    const tests::Bytes key = tests::MakePattern(16, 0x10);
    const std::array<uint8_t, 12> iv{};
    const std::array<uint8_t, 13> data{};
    std::array<uint8_t, TEXT_BYTES> text{};
    bool isDone =
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), iv.data()) == 1;
    int nBytes = 0;
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < CRYPTO_BATCH; ++i)
        {
            EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, iv.data());
            EVP_EncryptUpdate(context.get(), nullptr, &nBytes, data.data(), data.size());
            EVP_EncryptUpdate(context.get(), text.data(), &nBytes, text.data(), TEXT_BYTES);
            isDone = EVP_EncryptFinal_ex(context.get(), text.data(), &nBytes) == 1 && isDone;
        }
        benchmark::DoNotOptimize(text);
    }
    if (!isDone)
    {
        state.SkipWithError("libcrypto failed");
    }
    state.SetItemsProcessed(state.iterations() * CRYPTO_BATCH);
}

/// @return what a command prints; empty if it fails @param command words of a shell
std::string
ReadOutput(const char* command)
{
    std::string output;
    std::array<char, 256> part{};
    std::FILE* const pipe = popen(command, "r");
    while (pipe && std::fgets(part.data(), part.size(), pipe))
    {
        output += part.data();
    }
    return pipe && pclose(pipe) == 0 ? output : "";
}

/// The program itself, which counts its own CPU time for a second: "+F:25:AES-128-GCM:2.1e9" [bytes
/// a second].
void
BenchOpensslSpeed(benchmark::State& state)
{
    double nPackets = 0;
    for (auto _ : state)
    {
        const std::string output = ReadOutput(
            "openssl speed -mr -evp aes-128-gcm -aead -bytes 1400 -seconds 1 2>/dev/null");
        const size_t line = output.find("+F:");
        const size_t number = line == std::string::npos ? line : output.rfind(':');
        nPackets +=
            number == std::string::npos ? 0 : std::stod(output.substr(number + 1)) / TEXT_BYTES;
        state.SetIterationTime(1);
    }
    if (nPackets == 0)
    {
        state.SkipWithError("openssl speed failed");
    }
    state.SetItemsProcessed(static_cast<int64_t>(nPackets));
}

/// The cipher call of a packet, in place: what is encrypted twice is as good a text as any.
void
BenchCipher(benchmark::State& state)
{
    const EspLayout layout{.ivBytes = IV_BYTES, .icvBytes = ICV_BYTES};
    const auto suite = MakeEspSuite(MakeConfig(), layout);
    std::vector<uint8_t> packet(EspLayout::HEADER_BYTES + IV_BYTES + TEXT_BYTES + ICV_BYTES);
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < CRYPTO_BATCH; ++i)
        {
            suite->Seal(packet, 0);
        }
        benchmark::DoNotOptimize(packet.data());
    }
    state.SetItemsProcessed(state.iterations() * CRYPTO_BATCH);
}

/// Make a packet: memory, header, trailer and cipher call.
void
BenchSeal(benchmark::State& state)
{
    const auto codec = tests::MakeCodec(MakeConfig());
    const tests::Bytes clear = tests::MakePattern(TEXT_BYTES - 2);
    const tests::Bytes iv(IV_BYTES);
    SealInput input;
    input.iv = iv;
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < CRYPTO_BATCH; ++i)
        {
            ++input.sequence;
            benchmark::DoNotOptimize(codec->Seal(clear, input).bytes.data());
        }
    }
    state.SetItemsProcessed(state.iterations() * CRYPTO_BATCH);
}

/// Check and open a packet.
void
BenchOpen(benchmark::State& state)
{
    const auto codec = tests::MakeCodec(MakeConfig());
    const tests::Bytes sealed = tests::Seal(*codec, tests::MakePattern(TEXT_BYTES - 2), 1);
    uint32_t nFailed = 0;
    for (auto _ : state)
    {
        for (uint32_t i = 0; i < CRYPTO_BATCH; ++i)
        {
            const OpenedBytes opened = codec->Open(sealed, {});
            nFailed += opened.error == 0 ? 0 : 1;
            benchmark::DoNotOptimize(opened.clear.data());
        }
    }
    if (nFailed != 0)
    {
        state.SkipWithError("a packet did not open");
    }
    state.SetItemsProcessed(state.iterations() * CRYPTO_BATCH);
}

} // namespace

std::vector<Entry>
GetCryptoBenchmarks()
{
    std::vector<Entry> entries{
        {"gcm_openssl_1400_ns", "what openssl speed -aead repeats, AES-128", BenchOpenssl},
        {"gcm_cipher_1400_ns", "cipher call of a packet of ESP, AES-GCM", BenchCipher},
        {"gcm_seal_1400_ns", "the whole packet sealed", BenchSeal},
        {"gcm_open_1400_ns", "the whole packet opened", BenchOpen}};
    if (!ReadOutput("openssl version 2>/dev/null").empty())
    {
        entries.push_back({.name = "openssl_speed_gcm_1400_ns",
                           .meaning = "openssl speed -evp aes-128-gcm -aead, a second",
                           .body = BenchOpensslSpeed,
                           .isTimedByHand = true});
    }
    return entries;
}

std::vector<Quotient>
GetCryptoQuotients()
{
    return {{"ratio_gcm_1400",
             "speed of the cipher call to that of openssl",
             "gcm_openssl_1400_ns",
             "gcm_cipher_1400_ns"},
            {"ratio_openssl_gcm_1400",
             "speed of the cipher call to that of openssl speed",
             "openssl_speed_gcm_1400_ns",
             "gcm_cipher_1400_ns"},
            {"ratio_gcm_seal_1400",
             "speed of sealing to that of openssl",
             "gcm_openssl_1400_ns",
             "gcm_seal_1400_ns"}};
}

} // namespace ns3::xfrm::bench
