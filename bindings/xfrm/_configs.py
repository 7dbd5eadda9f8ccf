# SPDX-License-Identifier: GPL-2.0-only
#
# Made by bindings/make-configs.py of the tables of settings in C++: change those, and make it anew.
"""The settings of studies and runs."""

from dataclasses import dataclass
from typing import ClassVar

from ._config import Config, Time

__all__ = ["RunConfig", "StudyConfig"]


@dataclass(frozen=True, kw_only=True, repr=False)
class StudyConfig(Config):
    """Settings of a lookup study (xfrm-sim study).

    Times are kept as text with the largest unit that needs no fraction.

    Parameters
    ----------
    cores : int
        Cores.  A whole number from 1 to 1024.
    flows : int
        Flows, or of churn those that live at a time.  A whole number from 1 to 10000000.
    zipf : float
        The flow of rank k has a share as k^-EXPONENT, 0: all the same.  A number from 0 to 10.
    rate : float
        Packets per second.  A number from 0.001 to 1e+11 [packets/s].
    duration : str or float
        Simulated time.  A time such as 10s, 1.5ms or 20us.
    policies : int
        Policies between /20 networks, which Linux keeps in a list.  A whole number from 0 to 65536.
    seed : int
        Choice of all random numbers.  A whole number from 1 to 18446744073709551615.
    kernel : str
        Kernel whose lookups are modelled: linux-4.1, linux-4.6, linux-4.10, linux-4.14, linux-4.19.
    profile : str
        What work costs: free, linux-4.1-default or a JSON file.
    locks : str
        Locks that work takes: none, linux-4.1, linux-4.2, linux-4.9, linux-4.2-lines, inline-short,
        inline-long.
    work : str
        What is done for a packet: xfrm_lookup() alone, all of forwarding, or all of receiving one
        of a tunnel: lookup, forward, receive.
    interval : str or float
        Time between rows of the time series.  A time such as 10s, 1.5ms or 20us.
    traffic_arrivals : str
        Distances of packets: poisson, constant, on-off.  Option traffic.arrivals.
    traffic_on : str or float
        On-off: mean time with packets.  A time such as 10s, 1.5ms or 20us.  Option traffic.on.
    traffic_off : str or float
        On-off: mean time without.  0 or a time such as 10s, 1.5ms or 20us.  Option traffic.off.
    traffic_population : str
        Which flows packets are of: zipf, uniform, scan, churn.  Option traffic.population.
    traffic_lifetime : str or float
        Churn: mean life of a flow.  A time such as 10s, 1.5ms or 20us.  Option traffic.lifetime.
    traffic_size : int
        Length of packets, from IP on.  A whole number from 28 to 65535 [bytes].  Option
        traffic.size.
    traffic_attack : float
        Share of packets whose flow never comes again.  A number from 0 to 0.999.  Option
        traffic.attack.
    traffic_pcap : str
        Capture whose packets arrive, with its times, instead of all that.  Option traffic.pcap.
    traffic_list : str
        The same of a text: a line a packet, time [ns], flow, length.  Option traffic.list.
    spd_prefixed : int
        Policies between /24 networks, exact by hash thresholds.  A whole number from 0 to 65536.
        Option spd.prefixed.
    spd_exact : int
        Policies between two addresses.  A whole number from 0 to 1000000.  Option spd.exact.
    spd_states : str
        States of these policies, one for each or one for all: each, one.  Option spd.states.
    spd_own_queues : bool
        Flows of a policy arrive in receive queues of its own.  Option spd.own-queues.
    spd_host : str
        With --ip-xfrm: whose commands, if they name several hosts.  Option spd.host.
    spd_source : str
        With --ip-xfrm: network where flows come from.  Option spd.source.
    spd_destination : str
        With --ip-xfrm: network where flows go to.  Option spd.destination.
    rss_queues : int
        Receive queues, 0: one a core.  A whole number from 0 to 1024.  Option rss.queues.
    rss_ring : int
        Packets that may wait in a receive queue.  A whole number from 1 to 1000000 [packets].
        Option rss.ring.
    rss_udp_ports : bool
        The RSS hash covers UDP ports.  Option rss.udp-ports.
    rss_key : str
        Key of the RSS hash, 40 bytes as 6d:5a:... [Microsoft's]  Option rss.key.
    rss_table : str
        Queue by low bits of the RSS hash, as 0,1,2,3 [all in turn]  Option rss.table.
    rss_affinity : str
        Core of each receive queue, as 0,1,2,3 [all in turn]  Option rss.affinity.
    napi_interrupt_delay : str or float
        Time that a queue's interrupt waits for more packets (rx-usecs).  0 or a time such as 10s,
        1.5ms or 20us.  Option napi.interrupt-delay.
    napi_interrupt_frames : int
        ... but no longer than until there are so many, 0: no such limit (rx-frames).  A whole
        number from 0 to 1000000 [packets].  Option napi.interrupt-frames.
    napi_poll_weight : int
        Packets of a receive queue before the next one has its turn.  A whole number from 1 to
        1000000 [packets].  Option napi.poll-weight.
    rps_steering_cores : str
        Cores that packets are handed to by their hash, as 0,1,2,3 (rps_cpus) [none]  Option
        rps.steering-cores.
    rps_max_backlog : int
        Packets from other cores that may wait for one (netdev_max_backlog).  A whole number from 0
        to 1000000 [packets].  Option rps.max-backlog.
    ipsec_larval_drop : bool
        Drop while a state is awaited (xfrm_larval_drop).  Option ipsec.larval-drop.
    ipsec_gc_thresh : int
        Dsts of chains above which flow caches are flushed, twice as many are the most, 0: as the
        kernel has it (xfrm4_gc_thresh).  A whole number from 0 to 2147483647 [dsts].  Option
        ipsec.gc-thresh.
    ipsec_seed_period : str or float
        Time between new hash seeds of flow caches.  A time such as 10s, 1.5ms or 20us.  Option
        ipsec.seed-period.
    ipsec_work_delay : str or float
        Time from a request for work to its start.  0 or a time such as 10s, 1.5ms or 20us.  Option
        ipsec.work-delay.
    cache_hash_shift : int
        Log2 of the number of buckets of a core's flow cache.  A whole number from 0 to 20.  Option
        cache.hash-shift.
    cache_low_watermark : int
        Entries that a shrink leaves at most, the same share in each bucket.  A whole number from 0
        to 2147483647 [entries].  Option cache.low-watermark.
    cache_high_watermark : int
        Entries of a core's flow cache above which a miss shrinks it first.  A whole number from 0
        to 2147483647 [entries].  Option cache.high-watermark.
    events_rekey : str or float
        Each state is replaced so often, 0: never.  0 or a time such as 10s, 1.5ms or 20us.  Option
        events.rekey.
    ip_xfrm : tuple of str
        Ip xfrm commands of the host, instead of policies that are made up.  Option ip-xfrm.
    class_ : tuple of str
        A class of packets, as "name=voice share=0.2 flows=100"; other words: rate, zipf,
        population, lifetime, arrivals, on, off, size, start, stop.  Option class.
    at : tuple of str
        Something that happens: flush, cpu-down N, cpu-up N, rekey N, insert (a policy).

    Raises
    ------
    ValueError
        For a value that is not allowed.
    """

    _kind: ClassVar[str] = "study"

    cores: int = 4
    flows: int = 10000
    zipf: float = 1.0
    rate: float = 1000000.0
    duration: Time = "10s"
    policies: int = 10
    seed: int = 1
    kernel: str = "linux-4.1"
    profile: str = "linux-4.1-default"
    locks: str = "linux-4.1"
    work: str = "lookup"
    interval: Time = "1s"
    traffic_arrivals: str = "poisson"
    traffic_on: Time = "1ms"
    traffic_off: Time = "1ms"
    traffic_population: str = "zipf"
    traffic_lifetime: Time = "1s"
    traffic_size: int = 100
    traffic_attack: float = 0.0
    traffic_pcap: str = ""
    traffic_list: str = ""
    spd_prefixed: int = 0
    spd_exact: int = 0
    spd_states: str = "each"
    spd_own_queues: bool = False
    spd_host: str = ""
    spd_source: str = "10.1.0.0/16"
    spd_destination: str = "10.2.0.0/16"
    rss_queues: int = 0
    rss_ring: int = 512
    rss_udp_ports: bool = True
    rss_key: str = ""
    rss_table: str = ""
    rss_affinity: str = ""
    napi_interrupt_delay: Time = "0s"
    napi_interrupt_frames: int = 0
    napi_poll_weight: int = 64
    rps_steering_cores: str = ""
    rps_max_backlog: int = 1000
    ipsec_larval_drop: bool = True
    ipsec_gc_thresh: int = 0
    ipsec_seed_period: Time = "600s"
    ipsec_work_delay: Time = "10us"
    cache_hash_shift: int = 10
    cache_low_watermark: int = 2048
    cache_high_watermark: int = 4096
    events_rekey: Time = "0s"
    ip_xfrm: tuple[str, ...] = ()
    class_: tuple[str, ...] = ()
    at: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class RunConfig(Config):
    """Settings of a run packet by packet (xfrm-sim run).

    Times are kept as text with the largest unit that needs no fraction.

    Parameters
    ----------
    duration : str or float
        Simulated time.  A time such as 10s, 1.5ms or 20us.
    seed : int
        Choice of all random numbers.  A whole number from 1 to 18446744073709551615.
    kernel : str
        Kernel whose lookups are modelled: linux-4.1, linux-4.14, linux-4.19.
    interval : str or float
        Time between rows of the time series.  A time such as 10s, 1.5ms or 20us.
    cores : int
        Cores of a gateway, 0: all takes no time.  A whole number from 0 to 64.
    profile : str
        What their work costs: free, linux-4.1-default or a JSON file.
    locks : str
        Locks that their work takes: none, linux-4.1, linux-4.2, linux-4.9, linux-4.2-lines,
        inline-short, inline-long.
    line_hosts : int
        Hosts on each side.  A whole number from 1 to 64.  Option line.hosts.
    line_gateways : int
        Nodes between the hosts.  A whole number from 2 to 64.  Option line.gateways.
    edge_rate : str
        Data rate of host links.  A data rate such as 10Gbps, 100Mbps or 64kbps.  Option edge.rate.
    edge_delay : str or float
        Delay of host links.  0 or a time such as 10s, 1.5ms or 20us.  Option edge.delay.
    edge_mtu : int
        MTU of host links.  A whole number from 68 to 65535 [bytes].  Option edge.mtu.
    edge_queue : int
        Queue of a host link.  A whole number from 1 to 1000000 [packets].  Option edge.queue.
    core_rate : str
        Data rate of links between gateways.  A data rate such as 10Gbps, 100Mbps or 64kbps.  Option
        core.rate.
    core_delay : str or float
        Delay of links between gateways.  0 or a time such as 10s, 1.5ms or 20us.  Option
        core.delay.
    core_mtu : int
        MTU of links between gateways.  A whole number from 68 to 65535 [bytes].  Option core.mtu.
    core_queue : int
        Queue of a link between gateways.  A whole number from 1 to 1000000 [packets].  Option
        core.queue.
    rss_queues : int
        Receive queues of a device, 0: one a core.  A whole number from 0 to 1024.  Option
        rss.queues.
    rss_ring : int
        Packets that may wait in a receive queue.  A whole number from 1 to 1000000 [packets].
        Option rss.ring.
    rss_udp_ports : bool
        The RSS hash covers UDP ports.  Option rss.udp-ports.
    rss_spi : bool
        The RSS hash covers the SPI of ESP.  Option rss.spi.
    rss_key : str
        Key of the RSS hash, 40 bytes as 6d:5a:... [Microsoft's]  Option rss.key.
    rss_table : str
        Queue by low bits of the RSS hash, as 0,1,2,3 [all in turn]  Option rss.table.
    rss_affinity : str
        Core of each receive queue, as 0,1,2,3 [all in turn]  Option rss.affinity.
    napi_interrupt_delay : str or float
        Time that a queue's interrupt waits for more packets (rx-usecs).  0 or a time such as 10s,
        1.5ms or 20us.  Option napi.interrupt-delay.
    napi_interrupt_frames : int
        ... but no longer than until there are so many, 0: no such limit (rx-frames).  A whole
        number from 0 to 1000000 [packets].  Option napi.interrupt-frames.
    napi_poll_weight : int
        Packets of a receive queue before the next one has its turn.  A whole number from 1 to
        1000000 [packets].  Option napi.poll-weight.
    rps_steering_cores : str
        Cores that packets are handed to by their hash, as 0,1,2,3 (rps_cpus) [none]  Option
        rps.steering-cores.
    rps_max_backlog : int
        Packets from other cores that may wait for one (netdev_max_backlog).  A whole number from 0
        to 1000000 [packets].  Option rps.max-backlog.
    udp_flows : int
        UDP flows of a pair of hosts.  A whole number from 0 to 4000.  Option udp.flows.
    udp_rate : float
        Packets per second of a UDP flow.  Packets per second, from 0.001 to 1e9 [packets/s].
        Option udp.rate.
    udp_size : int
        Payload of a UDP packet.  A whole number from 0 to 65000 [bytes].  Option udp.size.
    udp_arrivals : str
        Distances of UDP packets: constant or poisson.  Option udp.arrivals.
    udp_count : int
        Packets of a UDP flow, 0: no limit.  A whole number from 0 to 9223372036854775807.  Option
        udp.count.
    udp_port : int
        Destination port, first flow.  A whole number from 1 to 65535.  Option udp.port.
    udp_source_port : int
        Source port, first flow.  A whole number from 1 to 65535.  Option udp.source-port.
    udp_start : str or float
        When UDP begins.  0 or a time such as 10s, 1.5ms or 20us.  Option udp.start.
    udp_stop : str or float
        When UDP ends, 0: with the run.  0 or a time such as 10s, 1.5ms or 20us.  Option udp.stop.
    tcp_flows : int
        TCP flows of a pair of hosts.  A whole number from 0 to 4000.  Option tcp.flows.
    tcp_bytes : int
        Bytes of a TCP flow, 0: as many as possible.  A whole number from 0 to 9223372036854775807
        [bytes].  Option tcp.bytes.
    tcp_segment : int
        Payload of a TCP segment.  A whole number from 1 to 65000 [bytes].  Option tcp.segment.
    tcp_port : int
        Destination port, first flow.  A whole number from 1 to 65535.  Option tcp.port.
    tcp_start : str or float
        When TCP begins.  0 or a time such as 10s, 1.5ms or 20us.  Option tcp.start.
    tcp_stop : str or float
        When TCP ends, 0: with the run.  0 or a time such as 10s, 1.5ms or 20us.  Option tcp.stop.
    ping_interval : str or float
        Time between pings, 0: none.  0 or a time such as 10s, 1.5ms or 20us.  Option ping.interval.
    ping_size : int
        Payload of a ping.  A whole number from 0 to 65000 [bytes].  Option ping.size.
    ping_count : int
        Pings of a pair of hosts, 0: no limit.  A whole number from 0 to 9223372036854775807.
        Option ping.count.
    ping_start : str or float
        When pings begin.  0 or a time such as 10s, 1.5ms or 20us.  Option ping.start.
    ping_stop : str or float
        When pings end, 0: with the run.  0 or a time such as 10s, 1.5ms or 20us.  Option ping.stop.
    ipsec_larval_drop : bool
        Drop while a state is awaited (xfrm_larval_drop).  Option ipsec.larval-drop.
    ipsec_socket_cache : bool
        Connected sockets keep their chains.  Option ipsec.socket-cache.
    ip_xfrm : tuple of str
        Ip xfrm commands of a node (A or gw1, B or gw2, ...), or of several by ip -n NODE; none: no
        IPsec [a tunnel between A and B]  Option ip-xfrm.

    Raises
    ------
    ValueError
        For a value that is not allowed.
    """

    _kind: ClassVar[str] = "run"

    duration: Time = "10s"
    seed: int = 1
    kernel: str = "linux-4.1"
    interval: Time = "1s"
    cores: int = 0
    profile: str = "linux-4.1-default"
    locks: str = "linux-4.1"
    line_hosts: int = 1
    line_gateways: int = 2
    edge_rate: str = "100Mbps"
    edge_delay: Time = "100us"
    edge_mtu: int = 1500
    edge_queue: int = 1000
    core_rate: str = "100Mbps"
    core_delay: Time = "1ms"
    core_mtu: int = 1500
    core_queue: int = 1000
    rss_queues: int = 0
    rss_ring: int = 512
    rss_udp_ports: bool = True
    rss_spi: bool = False
    rss_key: str = ""
    rss_table: str = ""
    rss_affinity: str = ""
    napi_interrupt_delay: Time = "0s"
    napi_interrupt_frames: int = 0
    napi_poll_weight: int = 64
    rps_steering_cores: str = ""
    rps_max_backlog: int = 1000
    udp_flows: int = 1
    udp_rate: float = 1000.0
    udp_size: int = 1000
    udp_arrivals: str = "constant"
    udp_count: int = 0
    udp_port: int = 6000
    udp_source_port: int = 5000
    udp_start: Time = "100ms"
    udp_stop: Time = "0s"
    tcp_flows: int = 1
    tcp_bytes: int = 0
    tcp_segment: int = 1380
    tcp_port: int = 8000
    tcp_start: Time = "100ms"
    tcp_stop: Time = "0s"
    ping_interval: Time = "100ms"
    ping_size: int = 56
    ping_count: int = 0
    ping_start: Time = "100ms"
    ping_stop: Time = "0s"
    ipsec_larval_drop: bool = True
    ipsec_socket_cache: bool = True
    ip_xfrm: tuple[str, ...] = ()
