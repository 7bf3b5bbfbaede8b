#!/usr/bin/env bash
# From a plain Debian 12 machine to the site behind nginx, with PostgreSQL and Redis. Run as root from a checkout:
#   deploy/install.sh news.example.org          everything; again after an update of the checkout
#   deploy/install.sh --no-services NAME        all but enabling services and nginx, for a container without systemd
# Repeatable: settings in /etc/orta/orta.env that exist are kept. docs/operations.md says what it makes.
set -euo pipefail

services=yes
if [ "${1:-}" = --no-services ]; then services=no; shift; fi
name=${1:-}
case "$name" in
  "" | *[!a-z0-9.-]*) echo "Usage: deploy/install.sh [--no-services] HOST_NAME, for example news.example.org" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "Run it as root: it installs packages and makes a user." >&2; exit 2; }

here=$(cd "$(dirname "$0")/.." && pwd)
code=/opt/orta
data=/var/lib/orta
etc=/etc/orta

step() { printf '\n== %s\n' "$*"; }

step "packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  python3 python3-venv postgresql postgresql-client redis-server nginx-light rsync >/dev/null

step "user and folders"
id orta >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin orta
install -d -o orta -g orta -m 0700 "$data"
install -d -o root -g orta -m 0750 "$etc"
install -d -o root -g root -m 0755 "$code"
rsync -a --delete --exclude .git --exclude .venv --exclude var --exclude __pycache__ "$here/" "$code/"

step "Python packages"
[ -x "$code/.venv/bin/python" ] || python3 -m venv "$code/.venv"
"$code/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$code/requirements.txt"

step "settings in $etc/orta.env"
if [ ! -e "$etc/orta.env" ]; then
  key=$("$code/.venv/bin/python" -c 'import secrets; print(secrets.token_urlsafe(50))')
  umask 027
  sed -e "s|@KEY@|$key|" -e "s|@NAME@|$name|g" "$code/deploy/orta.env.example" >"$etc/orta.env"
  chown root:orta "$etc/orta.env"
  chmod 0640 "$etc/orta.env"
fi

step "database"
if [ "$services" = yes ]; then systemctl enable --now postgresql redis-server; else service postgresql start; service redis-server start; fi
as_postgres() { runuser -u postgres -- psql -qtAX -c "$1"; }
for _ in $(seq 30); do as_postgres "SELECT 1" >/dev/null 2>&1 && break; sleep 1; done
[ "$(as_postgres "SELECT 1 FROM pg_roles WHERE rolname = 'orta'")" = 1 ] || as_postgres "CREATE ROLE orta LOGIN"
[ "$(as_postgres "SELECT 1 FROM pg_database WHERE datname = 'orta'")" = 1 ] ||
  as_postgres "CREATE DATABASE orta OWNER orta ENCODING 'UTF8' TEMPLATE template0"

step "tables, catalogue, static files"
# EnvironmentFile of systemd and the shell agree on plain NAME=value lines, which orta.env keeps to
manage() { runuser -u orta -- "$code/deploy/with-env" "$etc/orta.env" "$code/.venv/bin/python" "$code/manage.py" "$@"; }
manage migrate --verbosity 1
manage load_catalogue
manage collectstatic --noinput --verbosity 0
manage check --deploy

step "nginx"
sed -e "s|@NAME@|$name|g" "$code/deploy/nginx/orta.conf" >/etc/nginx/sites-available/orta
ln -sf ../sites-available/orta /etc/nginx/sites-enabled/orta
nginx -t -q

step "services"
install -m 0644 "$code"/deploy/systemd/* /etc/systemd/system/
if [ "$services" = yes ]; then
  systemctl daemon-reload
  systemctl enable --now orta.target orta-backup.timer orta-watch.timer
  systemctl restart orta.target
  systemctl reload nginx || systemctl restart nginx
fi

cat <<TEXT

$name is installed. Next:
- the first administrator:  cd $code && runuser -u orta -- deploy/with-env $etc/orta.env .venv/bin/python manage.py createsuperuser
- TLS:                      apt-get install certbot python3-certbot-nginx && certbot --nginx -d $name
- whether it works:         curl -s http://127.0.0.1:8000/readyz
TEXT
