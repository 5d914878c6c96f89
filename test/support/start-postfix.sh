#!/usr/bin/env bash
# A real mail server for tests: Debian's Postfix with a configuration, queue and port of its own; it delivers all
# mail for example.com into FOLDER/mail/inbox/new, one file each, and refuses every other domain.
#   start-postfix.sh FOLDER         starts it, and writes FOLDER/settings to be sourced
#   start-postfix.sh FOLDER stop    stops it
# Needs the package postfix (its service need not run) and root: Postfix's master gives up rights by itself.
# POSTFIX_ROOT, POSTFIX_OWNER, POSTFIX_GROUP: for one that is unpacked elsewhere, with other accounts.
set -euo pipefail
folder="$1"
program="${POSTFIX_ROOT:-}/usr/sbin/postfix"

if [ "${2:-}" = stop ]; then
  [ -f "$folder/etc/main.cf" ] && "$program" -c "$(cd "$folder" && pwd)/etc" stop 2>/dev/null || true
  exit
fi

mkdir -p "$folder/etc" "$folder/queue" "$folder/data" "$folder/mail"
folder="$(cd "$folder" && pwd)"
owner="${POSTFIX_OWNER:-postfix}"
port="$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
chmod 755 "$folder"
chown "$owner" "$folder/data" "$folder/mail"

cat >"$folder/etc/main.cf" <<CONFIG
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
command_directory = ${POSTFIX_ROOT:-}/usr/sbin
daemon_directory = ${POSTFIX_ROOT:-}/usr/lib/postfix/sbin
meta_directory = ${POSTFIX_ROOT:-}/etc/postfix
shlib_directory = ${POSTFIX_ROOT:-}/usr/lib/postfix
mail_owner = $owner
setgid_group = ${POSTFIX_GROUP:-postdrop}
default_privs = nobody
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.com
virtual_mailbox_base = $folder/mail
virtual_mailbox_maps = static:inbox/
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u "$owner")
virtual_gid_maps = static:$(id -g "$owner")
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_relay_restrictions =
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH POSTLOG_SERVICE POSTLOG_HOSTNAME
maillog_file = $folder/log
maillog_file_prefixes = $folder
smtputf8_enable = no
CONFIG
cat >"$folder/etc/master.cf" <<CONFIG
127.0.0.1:$port inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
virtual   unix - n n - - virtual
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
tlsmgr    unix - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
CONFIG
"$program" -c "$folder/etc" start >"$folder/started" 2>&1 || { cat "$folder/started" "$folder/log" >&2; exit 1; }
echo "export CONVEY_TEST_SMTP=smtp://127.0.0.1:$port CONVEY_TEST_MAILDIR=$folder/mail/inbox/new" >"$folder/settings"
