# Sourced by tools/demo: rides the release train with real processes. Needs $daybook, $demo, $root, run, say.

stop_services() {
    local pid
    for pid in "$demo"/{stage,prod}/*/pid; do
        [ -e "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
    done
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
    cat >"$demo/daybook.yaml" <<YAML
ledger: evidence.db
project: daybook
people:
  ada: {emails: [$authors], roles: [developer]}
  carol: {keys: ["$(cut -d' ' -f1,2 "$demo/carol.pub")"], emails: [carol@example.com], roles: [release-manager]}
  dave: {keys: ["$(cut -d' ' -f1,2 "$demo/dave.pub")"], emails: [dave@example.com], roles: [release-manager]}
environments:
  stage: {deploy: [$root/tools/stage/deploy, source, stage], rollback: [$root/tools/stage/rollback, source, stage]}
  prod: {deploy: [$root/tools/stage/deploy, source, prod], rollback: [$root/tools/stage/rollback, source, prod]}
gates:
  approvals: {required: 2, roles: [release-manager]}
  promotedFrom: {prod: stage}
train:
  - cut
  - deploy: stage
  - soak: {environment: stage, for: 2s, every: 1s}
  - verify: {environment: stage, smoke: [$root/tools/stage/smoke, stage, smoke.xml], junit: smoke.xml}
  - gate: [approvals, promotedFrom]
  - promote: prod
  - verify: {environment: prod, smoke: [$root/tools/stage/smoke, prod, smoke.xml], junit: smoke.xml}
YAML
    cd "$demo"
    unset DAYBOOK_LEDGER

    say "10. The release train: this repository's next release, from its own history"
    run "$daybook" config check
    run "$daybook" release plan --repository source | head -n 6
    expect 10 "$daybook" train run --repository source

    say "11. The gate asks for two people who have not written it. They sign with their SSH keys"
    for name in carol dave; do
        run "$daybook" release approve 0.1.0 --as $name --key $name
    done
    expect 0 "$daybook" train run 0.1.0
    run "$daybook" environment list

    say "12. A release that adds up wrong: its smoke test fails in stage, and stage is brought back"
    change "feat: give apples away" 's/return sum(PRICES\[name\]/return sum(0 if name == "apple" else PRICES[name]/'
    expect 14 "$daybook" train run --repository source

    say "13. It is mended. The runner is killed in the middle, and another goes on from the log"
    git -C source revert --no-edit HEAD >/dev/null
    change "fix: answer sooner" 's/ThreadingHTTPServer/ThreadingHTTPServer/; s/^"""A small shop/"""A small, quick shop/'
    "$daybook" train run --repository source >"$demo/killed.out" 2>"$demo/killed.err" &
    local runner=$!
    until grep -q "soak stage: good" "$demo/killed.err"; do sleep 0.05; done
    kill -9 $runner
    wait $runner 2>/dev/null || true
    cat "$demo/killed.err"
    echo "  (killed)"
    local release
    release=$("$daybook" release list -o json | python3 -c \
        'import json,sys; print([json.loads(l)["release"] for l in sys.stdin if json.loads(l)["state"] == "riding"][0])')
    run "$daybook" train status "$release"
    expect 10 "$daybook" train run "$release"
    for name in carol dave; do
        "$daybook" release approve "$release" --as $name --key $name
    done
    expect 0 "$daybook" train run "$release"
    run "$daybook" release list
    run "$daybook" environment list
    stop_services

    say "14. All of it is evidence, and verifies"
    run "$daybook" verify --key "$vkey" --checkpoint kept.checkpoint | tail -n 1
    run python3 "$root/tools/verify.py" evidence.db --key "$vkey" --checkpoint kept.checkpoint | tail -n 1
    cd "$root"
}
