# SPDX-License-Identifier: GPL-2.0-only
#
# Writes the package's _build.py: what was built, of which commit, and the shipped cost profiles.
# Run at each build with -DSOURCE=... -DOUTPUT=... -DVERSION=... -DNS3_VERSION=...

execute_process(
  COMMAND git --no-optional-locks -C ${SOURCE} describe --always --dirty --abbrev=40 --exclude=*
  OUTPUT_VARIABLE commit
  OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET
)
set(profiles)
file(GLOB files ${SOURCE}/model/cpu/profiles/*.json)
foreach(file ${files})
  get_filename_component(name ${file} NAME_WLE)
  file(SHA256 ${file} hash)
  string(APPEND profiles "    \"${name}\": \"${hash}\",\n")
endforeach()
file(
  CONFIGURE
  OUTPUT
  ${OUTPUT}
  CONTENT
  "# SPDX-License-Identifier: GPL-2.0-only
\"\"\"What was built.\"\"\"

__all__ = [\"GIT_COMMIT\", \"NS3_VERSION\", \"PROFILES\", \"VERSION\"]

VERSION = \"${VERSION}\"
NS3_VERSION = \"${NS3_VERSION}\"
GIT_COMMIT = \"${commit}\"
PROFILES = {
${profiles}}
"
)
