/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/test.h"
#include "ns3/xfrm-ip-xfrm.h"

#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace ns3::xfrm::tests
{

namespace
{

/// A text and the message that it gives.
struct Mistake
{
    std::string text;    //!< the text
    std::string message; //!< the message, behind the name of the file
};

/// @param text a text @return the message that reading it gives, behind "f:"; "" if it is right
std::string
GetMessage(const std::string& text)
{
    try
    {
        IpXfrm::Read(text, "f");
    }
    catch (const IpXfrmError& error)
    {
        const std::string message = error.what();
        return message.starts_with("f:") ? message.substr(2) : "no file: " + message;
    }
    return "";
}

/// Reads texts with one mistake each.
class MistakesTestCase : public TestCase
{
  public:
    /// @param name what the mistakes are about @param start of each text @param mistakes the rest
    MistakesTestCase(const std::string& name, std::string start, std::vector<Mistake> mistakes)
        : TestCase(name),
          m_start(std::move(start)),
          m_mistakes(std::move(mistakes))
    {
    }

  private:
    void DoRun() override
    {
        for (const Mistake& mistake : m_mistakes)
        {
            NS_TEST_EXPECT_MSG_EQ(GetMessage(m_start + mistake.text),
                                  mistake.message,
                                  m_start << mistake.text);
        }
    }

    std::string m_start;             //!< start of each text
    std::vector<Mistake> m_mistakes; //!< the rest, and the message
};

/// Mistakes in how words are written.
const std::vector<Mistake> WORD_MISTAKES{
    {"state flush\nstate add 'x", "2:11: ': the quote must be closed on its line"},
    {"state add \"x\ny\"", "1:11: \": the quote must be closed on its line"},
    {"state add \"a\\\nb", "1:11: \": the quote must be closed on its line"},
    {"state flush \\", "1:13: \\: a line or character must follow the backslash"},
    {"ip -n $NS xfrm state flush",
     "1:7: $: a shell would replace this: write the value, or quote it with '"},
    {"policy flush ptype \"$T\"",
     "1:21: $: a shell would replace this: write the value, or escape it with a backslash"},
    {"state flush; policy flush",
     "1:12: ;: a line must hold one ip command and nothing else of a shell"},
    {std::string("state \0", 7), "1:7: \\x00: a text must not hold zero bytes"},
};

/// Mistakes before the words of a command.
const std::vector<Mistake> COMMAND_MISTAKES{
    {"ifconfig eth0 up", "1:1: ifconfig: must be ip xfrm, or its object state or policy"},
    {"ip link add", "1:4: link: must be ip xfrm, or its object state or policy"},
    {"ip xfrm monitor", "1:9: monitor: must be ip xfrm, or its object state or policy"},
    {"ip xfrm", "1:4: xfrm: must be followed by state or policy"},
    {"ip -n gw1", "1:7: gw1: must be followed by state or policy"},
    {"ip -n", "1:4: -n: must be followed by the name of a namespace"},
    {"ip -n '' xfrm", "1:7: '': a namespace must have a name"},
    {"ip -batch f", "1:4: -batch: option of ip must be -netns, -family, -4, -6 or one for output"},
    {"ip -family ipx xfrm", "1:12: ipx: family must be inet or inet6"},
    {"ip netns add gw1", "1:4: netns: must be followed by exec"},
    {"ip xfrm state count",
     "1:15: count: sizes of hash tables are not shown; list shows the states"},
    {"ip xfrm policy count",
     "1:16: count: sizes of hash tables are not shown; list shows the policies"},
    {"ip xfrm policy getdefault", "1:16: getdefault: Linux 4.1 does not have it"},
    {"ip xfrm policy remove",
     "1:16: remove: verb must be add, update, delete, deleteall, delall, list, show, lst, get, "
     "flush, count, set, setdefault or getdefault"},
    {"policy set", "1:8: set: must be followed by hthresh4 or hthresh6"},
    {"policy set hthresh5 1 2", "1:12: hthresh5: must be hthresh4 or hthresh6"},
    {"policy set hthresh4 24", "1:21: 24: must be followed by RBITS of hthresh4"},
    {"policy set hthresh4 33 5", "1:21: 33: LBITS of hthresh4 must be a number, 0 to 32"},
    {"policy set hthresh6 5 129", "1:23: 129: RBITS of hthresh6 must be a number, 0 to 128"},
    {"policy set hthresh4 1 2 hthresh4 1 2", "1:25: hthresh4: must be given once"},
    {"policy list mark 5",
     "1:13: mark: must be nosock, src, dst, dev, proto, sport, dport, type, code, key, dir, index, "
     "ptype, action, priority or flag"},
    {"policy list if_id 5", "1:13: if_id: Linux 4.1 does not have it"},
    {"policy get dir in", "1:8: get: a selector or index must follow"},
    {"policy get index 9", "1:8: get: dir must follow"},
    {"state list mark 5", "1:12: mark: must be src, dst, proto, spi, mode, reqid, flag or nokeys"},
    {"state deleteall nokeys", "1:17: nokeys: must be src, dst, proto, spi, mode, reqid or flag"},
    {"state get dst 10.9.0.2 spi 5", "1:11: dst: proto must stand beside src, dst and spi"},
    {"state allocspi", "1:7: allocspi: src, dst and proto must follow"},
    {"state allocspi proto esp spi 7", "1:26: spi: the kernel chooses the SPI: give min and max"},
    {"state allocspi proto esp min 5", "1:26: min: min and max must be given together"},
    {"state allocspi proto esp max 5", "1:26: max: min and max must be given together"},
    {"state allocspi proto esp min 6 max 5", "1:26: min: EINVAL: min must not be more than max"},
    {"state allocspi proto comp min 6 max 65536",
     "1:33: max: EINVAL: with proto comp it must be 0 to 65535"},
    {"state allocspi proto esp mode beet",
     "1:31: beet: mode must be transport or tunnel: others are not modelled"},
    {"state flush esp", "1:13: esp: must be proto"},
    {"state flush proto any", "1:19: any: proto must be esp, ah or comp"},
    {"policy flush main", "1:14: main: must be ptype"},
    {"policy setdefault out", "1:19: out: must be followed by accept or block"},
    {"state delete", "1:7: delete: dst, proto and spi must follow"},
    {"state delete proto esp mode tunnel", "1:24: mode: must be mark"},
    {"state delete mode", "1:14: mode: must be src, dst, proto, spi or mark"},
    {"policy delete dir out", "1:8: delete: a selector or index must follow"},
    {"policy delete src 10.0.0.1 index 9 dir out",
     "1:28: index: must not be given beside a selector"},
};

/// Mistakes of times, which are comments elsewhere.
const std::vector<Mistake> TIME_MISTAKES{
    {"# at 5", "1:6: 5: must be a time with ns, us, ms, s, min or h, such as 2.5s"},
    {"# at 2,5s", "1:6: 2,5s: must be a time with ns, us, ms, s, min or h, such as 2.5s"},
    {"# at -1s", "1:6: -1s: must be a time with ns, us, ms, s, min or h, such as 2.5s"},
    {"#at 2s state flush",
     "1:5: 2s state flush: must be a time with ns, us, ms, s, min or h, such as 2.5s"},
    {"# at 2s\n\n# at 1999ms", "3:6: 1999ms: must not be before the time above it"},
    {"state flush # at 2s", "1:18: 2s: a time must have its line for itself, before its commands"},
};

/// What `state add` knows.
const std::string STATE_WORDS{
    "src, dst, proto, spi, mode, reqid, seq, replay-window, replay-seq, replay-oseq, "
    "replay-seq-hi, replay-oseq-hi, mark, flag, extra-flag, sel, limit, encap, tfcpad, aead, enc, "
    "auth, auth-trunc or comp"};

/// What `policy add` knows.
const std::string POLICY_WORDS{"src, dst, dev, proto, sport, dport, type, code, key, dir, mark, "
                               "index, ptype, action, priority, flag, limit or tmpl"};

/// Mistakes behind "state add ".
const std::vector<Mistake> STATE_MISTAKES{
    {"", "1:7: add: src, dst, proto and spi must follow"},
    {"src 10.9.0.1", "1:11: src: proto must stand beside src, dst and spi"},
    {"src", "1:11: src: must be followed by src"},
    {"src 300.0.0.1",
     "1:15: 300.0.0.1: src must be an IPv4 or IPv6 address, which /LENGTH may follow"},
    {"src any",
     "1:15: any: src must be an IPv4 or IPv6 address, which /LENGTH may follow; any is 0.0.0.0/0 "
     "or ::/0"},
    {"src 10.9.0.1 dst fd00::1", "1:24: dst: src and dst must be addresses of one family"},
    {"proto 50", "1:17: 50: proto must be esp, ah or comp"},
    {"proto esp spi -1", "1:25: -1: spi must be a number, 0 to 4294967295"},
    {"proto esp spi 0x100000000", "1:25: 0x100000000: spi must be a number, 0 to 4294967295"},
    {"proto esp mode tunnel src 10.9.0.1",
     "1:33: src: src, dst, proto and spi must stand together"},
    {"proto esp mode beet",
     "1:26: beet: mode must be transport or tunnel: others are not modelled"},
    {"proto esp mode x", "1:26: x: mode must be transport or tunnel"},
    {"proto esp foo", "1:21: foo: must be " + STATE_WORDS},
    {"proto esp ctx 1", "1:21: ctx: security contexts are not modelled"},
    {"proto esp coa ::1",
     "1:21: coa: needs proto route2 or hao, of IPv6 mobility, which is not modelled"},
    {"proto esp offload dev eth0 dir in",
     "1:21: offload: offload to devices is not modelled, nor does Linux 4.1 have it"},
    {"proto esp if_id 1", "1:21: if_id: Linux 4.1 does not have it"},
    {"proto esp output-mark 1", "1:21: output-mark: Linux 4.1 does not have it"},
    {"proto esp limit byte 5",
     "1:27: byte: limit must be time-soft, time-hard, time-use-soft, time-use-hard, byte-soft, "
     "byte-hard, packet-soft or packet-hard"},
    {"proto esp limit byte-soft INF",
     "1:37: INF: byte-soft must be a number, 0 to 18446744073709551615"},
    {"proto esp flag noecn,esn",
     "1:26: noecn,esn: flag must be noecn, decap-dscp, nopmtudisc, wildrecv, icmp, af-unspec, "
     "align4 or esn"},
    {"proto esp extra-flag oseq-may-wrap",
     "1:32: oseq-may-wrap: extra-flag must be dont-encap-dscp"},
    {"proto esp encap espintcp 1 2 0.0.0.0",
     "1:27: espintcp: encap must be espinudp or espinudp-nonike"},
    {"proto esp encap espinudp 4500 4500",
     "1:41: 4500: must be followed by the original address of encap"},
    {"proto esp replay-window 4097", "1:35: 4097: replay-window must be a number, 0 to 4096"},
    {"proto esp mark 5/7", "1:26: 5/7: mark must be a number, 0 to 4294967295"},
    {"proto esp mark 0x105 mask 0xff",
     "1:26: 0x105: EINVAL: the mark has bits outside its mask, so nothing would match it"},
    {"proto esp sel",
     "1:21: sel: must be followed by src, dst, dev, proto, sport, dport, type, code or key"},
};

/// Mistakes of algorithms, behind "state add proto esp spi 1 ".
const std::vector<Mistake> ALGORITHM_MISTAKES{
    {"aead 'rfc4106(gcm(aes))' 0x1011 128",
     "1:52: 0x1011: key of rfc4106(gcm(aes)) has 2 bytes: must have 20, 28 or 36 bytes, 4 of them "
     "salt"},
    {"aead rfc4106(gcm(aes)) 0x101112131415161718191a1b1c1d1e1fa0a1a2a3",
     "1:50: 0x101112131415161718191a1b1c1d1e1fa0a1a2a3: must be followed by length of the "
     "integrity check value of rfc4106(gcm(aes))"},
    {"aead rfc4106(gcm(aes)) 0x101112131415161718191a1b1c1d1e1fa0a1a2a3 100",
     "1:93: 100: rfc4106(gcm(aes)): integrity check value of 100 bits: must be 64, 96 or 128"},
    {"comp lzs", "1:32: lzs: compression \"lzs\": Linux has the name only; must be deflate"},
    {"enc aes 0x0g", "1:35: 0x0g: a key must have hexadecimal digits only after 0x"},
    {"enc aes " + std::string(513, 'k'),
     "1:35: " + std::string(513, 'k') + ": a key must have at most 512 bytes"},
    {"enc", "1:27: enc: must be followed by the name of an algorithm"},
    {"enc aes", "1:31: aes: must be followed by a key"},
    {"enc cipher_null '' enc cipher_null ''",
     "1:46: enc: must be given once; aead is instead of enc and auth"},
    {"auth sha1 ''", "1:7: add: proto esp needs enc or aead"},
    {"enc cipher_null '' comp deflate", "1:46: comp: needs proto comp"},
    {"enc cipher_null '' flag esn", "1:46: flag: esn needs a replay-window of 1 or more"},
    {"enc cipher_null '' replay-oseq-hi 1", "1:46: replay-oseq-hi: needs flag esn"},
    {"enc cipher_null '' tfcpad 9", "1:46: tfcpad: needs proto esp and mode tunnel"},
    {"enc cipher_null '' sel src ::1",
     "1:46: sel: addresses of another family than those of src and dst need mode tunnel"},
};

/// Mistakes of states other than ESP, behind "state add ".
const std::vector<Mistake> OTHER_STATE_MISTAKES{
    {"proto ah spi 1", "1:7: add: proto ah needs auth or auth-trunc"},
    {"proto ah spi 1 enc cipher_null ''", "1:26: enc: needs proto esp"},
    {"proto ah spi 1 auth sha1 '' encap espinudp 1 2 ::", "1:39: encap: needs proto esp"},
    {"proto comp spi 1", "1:7: add: proto comp needs comp"},
    {"proto comp spi 1 auth sha1 ''", "1:28: auth: needs proto esp or ah"},
    {"proto comp spi 65536 comp deflate",
     "1:22: spi: EINVAL: with proto comp it must be 0 to 65535"},
    {"proto comp spi 1 comp deflate replay-window 33",
     "1:41: replay-window: a window of more than 32 needs proto esp or ah"},
    {"proto comp spi 1 comp deflate replay-window 1 flag esn",
     "1:57: flag: esn needs proto esp or ah"},
};

/// Mistakes behind "policy add ".
const std::vector<Mistake> POLICY_MISTAKES{
    {"src 10.0.0.1", "1:8: add: dir must follow"},
    {"dir out dir in", "1:20: dir: must be given once"},
    {"dir forward", "1:16: forward: dir must be in, out or fwd"},
    {"dir out src 10.0.0.1 priority 5 dst 10.0.0.2",
     "1:44: dst: the words of the selector must stand together"},
    {"dir out src 10.0.0.0/33",
     "1:24: 10.0.0.0/33: src must be an IPv4 or IPv6 address, which /LENGTH may follow"},
    {"dir out dev a-name-too-long-for-a-device",
     "1:24: a-name-too-long-for-a-device: a device name must have 1 to 15 characters"},
    {"dir out proto udp type 8",
     "1:30: type: types and codes need proto icmp, ipv6-icmp or mobility-header"},
    {"dir out proto esp dport 5", "1:30: dport: ports need proto tcp, udp, sctp or dccp"},
    {"dir out key 5", "1:20: key: a key needs proto gre"},
    {"dir out proto gre key 1.2.3.4.5",
     "1:34: 1.2.3.4.5: key must be a number, or four from 0 to 255 with dots between"},
    {"dir out dport http", "1:26: http: dport must be a number, 0 to 65535"},
    {"dir out index 3",
     "1:20: index: EINVAL: its low 3 bits must be the direction: 0 in, 1 out, 2 fwd"},
    {"dir out priority low", "1:29: low: priority must be a number, 0 to 4294967295"},
    {"dir out action deny", "1:27: deny: action must be allow or block"},
    {"dir out ptype any", "1:26: any: ptype must be main or sub"},
    {"dir out flag esn", "1:25: esn: flag must be localok or icmp"},
    {"dir out ctx x", "1:20: ctx: security contexts are not modelled"},
    {"dir out foo", "1:20: foo: must be " + POLICY_WORDS},
    {"dir out tmpl reqid 1",
     "1:20: tmpl: must be followed by proto and more of src, dst, proto, spi, mode, reqid or "
     "level"},
    {"dir out tmpl proto esp level maybe", "1:41: maybe: level must be required or use"},
    {"dir out tmpl proto ah mode tunnel src ::1",
     "1:46: src: src, dst, proto and spi must stand together"},
    {"dir out tmpl proto ah tmpl proto ah tmpl proto ah tmpl proto ah tmpl proto ah tmpl proto ah "
     "tmpl proto ah",
     "1:104: tmpl: EINVAL: a policy has at most 6 templates"},
};

} // namespace

/**
 * @ingroup xfrm-tests
 * @brief Options of ip that fix the family of addresses.
 */
class IpXfrmFamilyTestCase : public TestCase
{
  public:
    IpXfrmFamilyTestCase()
        : TestCase("-4 and -6 fix the family of addresses")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(GetMessage("ip -6 xfrm policy add src 10.0.0.1 dir out"),
                              "1:27: 10.0.0.1: src must be an IPv6 address",
                              "the other family");
        const auto commands = IpXfrm::Read("ip -6 xfrm policy add src default dir out", "f");
        const auto& config = std::get<PolicyAdd>(commands.at(0).action).config;
        NS_TEST_EXPECT_MSG_EQ((config.family == Family::Ipv6), true, "any address of it");
        NS_TEST_EXPECT_MSG_EQ(config.selector.family, 10, "of the selector too");
    }
};

/**
 * @ingroup xfrm-tests
 * @brief A text with several mistakes gives the first, with its fields; a missing file its name.
 */
class IpXfrmErrorFieldsTestCase : public TestCase
{
  public:
    IpXfrmErrorFieldsTestCase()
        : TestCase("an error says file, line, column, word and what was expected")
    {
    }

  private:
    void DoRun() override
    {
        try
        {
            IpXfrm::Read("state flush\n\nstate \\\n  foo\nbar", "a b.conf");
            NS_TEST_EXPECT_MSG_EQ(true, false, "no error");
        }
        catch (const IpXfrmError& error)
        {
            NS_TEST_EXPECT_MSG_EQ(error.GetPosition().file, "a b.conf", "file");
            NS_TEST_EXPECT_MSG_EQ(error.GetPosition().line, 4, "line");
            NS_TEST_EXPECT_MSG_EQ(error.GetPosition().column, 3, "column");
            NS_TEST_EXPECT_MSG_EQ(error.GetWord(), "foo", "word");
            NS_TEST_EXPECT_MSG_EQ(error.GetExpected(),
                                  "verb must be add, update, allocspi, delete, deleteall, delall, "
                                  "list, show, lst, get, flush or count",
                                  "what was expected");
        }
        for (const char* const file : {"/no/such/file", "/"})
        {
            bool hasThrown = false;
            try
            {
                IpXfrm::ReadFile(file);
            }
            catch (const std::system_error& error)
            {
                hasThrown = std::string(error.what()).find(file) != std::string::npos;
            }
            NS_TEST_EXPECT_MSG_EQ(hasThrown, true, file);
        }
    }
};

/**
 * @ingroup xfrm-tests
 * @brief Tests of what IpXfrm refuses.
 */
class IpXfrmErrorTestSuite : public TestSuite
{
  public:
    IpXfrmErrorTestSuite()
        : TestSuite("xfrm-ip-xfrm-error", UNIT)
    {
        AddMistakes("words that are written wrongly", "", WORD_MISTAKES);
        AddMistakes("commands that are wrong at their start", "", COMMAND_MISTAKES);
        AddMistakes("times", "", TIME_MISTAKES);
        AddMistakes("words of a state", "state add ", STATE_MISTAKES);
        AddMistakes("algorithms of a state", "state add proto esp spi 1 ", ALGORITHM_MISTAKES);
        AddMistakes("states of AH and IPcomp", "state add ", OTHER_STATE_MISTAKES);
        AddMistakes("words of a policy", "policy add ", POLICY_MISTAKES);
        AddTestCase(new IpXfrmFamilyTestCase, TestCase::QUICK);
        AddTestCase(new IpXfrmErrorFieldsTestCase, TestCase::QUICK);
    }

  private:
    void AddMistakes(const std::string& name,
                     const std::string& start,
                     const std::vector<Mistake>& mistakes)
    {
        AddTestCase(new MistakesTestCase(name + " are refused where they stand", start, mistakes),
                    TestCase::QUICK);
    }
};

static IpXfrmErrorTestSuite g_ipXfrmErrorTestSuite; //!< registers the suite

} // namespace ns3::xfrm::tests
