# Sourced by tools/demo: rides the release train with real processes. Needs $daybook, $demo, $stage, $root, run, say.

stop_services() {
    if [ -e "$stage/stage.json" ]; then "$root/tools/stage/down" "$stage" || true; fi
}

# expect CODE COMMAND…: runs it, and insists on its exit code.
expect() {
    local code=$1 status=0
    shift
    run "$@" || status=$?
    if [ "$status" -ne "$code" ]; then
        echo "exit $status, expected $code" >&2
        exit 1
    fi
    [ "$code" -eq 0 ] || echo "  (exit $code)"
}

# Changes the copy of the repository: SUBJECT, and what sed does to the service.
change() {
    sed -i "$2" "$demo/source/tools/stage/service.py"
    git -C "$demo/source" -c user.name=Ada -c user.email=ada@example.com commit -qam "$1"
}

# address NAME: of a part of the stage.
address() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$stage/stage.json" "$1"; }

ride() {
    local name authors
    git clone -q "$root" "$demo/source"
    if [ ! -e "$demo/source/tools/stage/service.py" ]; then
        mkdir -p "$demo/source/tools/stage"
        cp "$root/tools/stage/service.py" "$demo/source/tools/stage/"
        git -C "$demo/source" add tools
    fi
    git -C "$demo/source" config user.name Ada
    git -C "$demo/source" config user.email ada@example.com
    git -C "$demo/source" tag v0.0.1 HEAD~1
    git -C "$demo/source" commit -q --allow-empty -m "feat: let releases ride a train"
    authors=$(git -C "$demo/source" log --format=%ae | sort -u | paste -sd, | sed 's/,/, /g')
    for name in carol dave; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$demo/$name"; done
    "$root/tools/stage/up" "$stage" --rate 60
    cat >"$demo/daybook.yaml" <<YAML
ledger: evidence.db
project: daybook
people:
  ada: {emails: [$authors], roles: [developer]}
  carol: {keys: ["$(cut -d' ' -f1,2 "$demo/carol.pub")"], emails: [carol@example.com], roles: [release-manager]}
  dave: {keys: ["$(cut -d' ' -f1,2 "$demo/dave.pub")"], emails: [dave@example.com], roles: [release-manager]}
environments:
  canary:
    deploy: [$root/tools/stage/deploy, source, $stage, green]
    rollback: [$root/tools/stage/slot, $stage, green, --as, blue]
    router: {haproxy: {socket: $stage/haproxy.sock, backend: shop, stable: blue, canary: green}}
    metrics: {prometheus: "$(address prometheus)"}
  prod:
    deploy: [$root/tools/stage/deploy, source, $stage, blue]
    rollback: [$root/tools/stage/slot, $stage, blue, --before]
services:
  shop: {slos: [slo.yaml]}
gates:
  approvals: {required: 2, roles: [release-manager]}
  promotedFrom: {prod: canary}
train:
  - cut
  - deploy: canary
  - canary:
      environment: canary
      steps: [20% for 4s, 50% for 8s]
      every: 1s
      signals:
        - {name: denials, bad: authorization_denied_total, total: http_requests_total}
        - {name: backlog, gauge: parcels_waiting, tolerance: 20}
  - verify: {environment: canary, smoke: [$root/tools/stage/smoke, $stage/green.port, smoke.xml], junit: smoke.xml}
  - gate: [approvals, promotedFrom]
  - promote: prod
  - verify: {environment: prod, smoke: [$root/tools/stage/smoke, $stage/blue.port, smoke.xml], junit: smoke.xml}
  - bundle
YAML
    cp "$root/tools/stage/slo.yaml" "$demo/"
    cd "$demo"
    unset DAYBOOK_LEDGER

    say "10. A stage with HAProxy, Prometheus, two versions of a shop and 60 requests a second. Its objectives"
    run "$daybook" slo check
    run "$daybook" config check

    say "11. The release train: this repository's next release is tried on a part of the traffic, and judged each second"
    run "$daybook" release plan --repository source | head -n 6
    expect 10 "$daybook" train run --repository source

    say "12. The gate asks for two people who have not written it. They sign with their SSH keys"
    for name in carol dave; do
        run "$daybook" release approve 0.1.0 --as $name --key $name
    done
    expect 0 "$daybook" train run 0.1.0
    run "$daybook" environment list

    say "13. A release that fails one request in three under load: the canary is rolled back by itself"
    change "feat: be bold" 's/FAULTS.get("errors", 0)/FAULTS.get("errors", 0.3)/'
    expect 14 "$daybook" train run --repository source
    local release
    release=$(release_that_is rolledback)
    run "$daybook" canary report "$release" | grep -o '<title>.*</title>'
    run "$daybook" canary replay "$release"

    say "14. It is mended. The runner is killed in the middle of the canary, and another goes on with the samples it had"
    git -C source revert --no-edit HEAD >/dev/null
    change "fix: answer sooner" 's/^"""A small shop/"""A small, quick shop/'
    "$daybook" train run --repository source >"$demo/killed.out" 2>"$demo/killed.err" &
    local runner=$!
    until grep -q "look 2" "$demo/killed.err"; do sleep 0.05; done
    kill -9 $runner
    wait $runner 2>/dev/null || true
    cat "$demo/killed.err"
    echo "  (killed)"
    release=$(release_that_is riding)
    run "$daybook" train status "$release"
    expect 10 "$daybook" train run "$release"
    for name in carol dave; do
        "$daybook" release approve "$release" --as $name --key $name
    done
    expect 0 "$daybook" train run "$release"
    run "$daybook" canary replay "$release"
    run "$daybook" release list
    stop_services

    say "15. What others count: git's tags and commits, compared with the log"
    expect 11 "$daybook" reconcile --repository source
    echo "  The releases were never tagged. They are tagged now, and nothing is left to explain:"
    "$daybook" release list -o json | python3 -c \
        'import json, sys; [print("v" + r["version"], r["commit"]) for r in map(json.loads, sys.stdin) if r["state"] == "promoted"]' |
        while read -r tag commit; do git -C source tag "$tag" "$commit"; done
    run "$daybook" reconcile --repository source

    say "16. All of it is evidence, and verifies"
    run "$daybook" verify --key "$vkey" --checkpoint kept.checkpoint | tail -n 1
    run python3 "$root/tools/verify.py" evidence.db --key "$vkey" --checkpoint kept.checkpoint | tail -n 1

    say "17. The evidence of the release as one file, for an auditor with the ledger's verifier key: three verifiers, one byte changed"
    local bundle=$root/.build/demo-bundle.zip
    rm -f "$bundle"
    run "$daybook" bundle export "$release" --to "$bundle"
    run "$daybook" bundle verify "$bundle" --key "$vkey" | tail -n 1
    run python3 "$root/tools/verify.py" "$bundle" --key "$vkey" | tail -n 1
    run python3 "$root/tools/lib/check_page.py" "$bundle" --key "$vkey" --screenshot "$root/.build/demo-bundle.png"
    python3 - "$bundle" "$demo/changed.zip" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as old, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        data = old.read(name)
        new.writestr(name, data.replace(b"passed", b"failed", 1) if name == "entries.jsonl" else data)
PYTHON
    expect 11 "$daybook" bundle verify "$demo/changed.zip" --key "$vkey"
    expect 11 python3 "$root/tools/verify.py" "$demo/changed.zip" --key "$vkey"
    expect 11 python3 "$root/tools/lib/check_page.py" "$demo/changed.zip" --key "$vkey" --page "$bundle"
    echo "the bundle: $bundle (open index.html in it; its picture: .build/demo-bundle.png)"
    cd "$root"
}

# release_that_is STATE: the first in that state.
release_that_is() {
    "$daybook" release list -o json | python3 -c \
        'import json, sys; print([r["release"] for r in map(json.loads, sys.stdin) if r["state"] == sys.argv[1]][0])' "$1"
}
