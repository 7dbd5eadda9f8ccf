# SPDX-License-Identifier: GPL-2.0-only
__all__ = ["GIT_COMMIT", "NS3_VERSION", "PROFILES", "VERSION"]

VERSION: str  #: of this module
NS3_VERSION: str  #: of ns-3, whose libraries it is linked with
GIT_COMMIT: str  #: of the module's checkout, with "-dirty" if changed; empty: no checkout
PROFILES: dict[str, str]  #: SHA-256 of each shipped cost profile, by its name
