import BoringDeploy
import Testing

@Suite("Selectors in PromQL")
struct PromQLTests {
    private let track = [PromQL.Matcher("track", "=", "canary")]

    @Test(
        "labels, windows and instants are put into every selector, and into nothing else",
        arguments: [
            // written, with a label, over an hour, as counters stand
            ("up", "up{track=\"canary\"}", "rate(up[1h])", "up"),
            ("up{}", "up{track=\"canary\"}", "rate(up[1h])", "up"),
            (
                "a{b=\"c\"}", "a{b=\"c\",track=\"canary\"}", "rate(a{b=\"c\"}[1h])", "a{b=\"c\"}"
            ),
            (
                "sum(a)", "sum(a{track=\"canary\"})", "sum(rate(a[1h]))", "sum(a)"
            ),
            (
                "sum(rate(a[5m]))", "sum(rate(a{track=\"canary\"}[5m]))", "sum(rate(a[1h]))",
                "sum(a)"
            ),
            (
                "sum by (job) (increase( a{x!=\"1\"} [5m] ))",
                "sum by (job) (increase(a{x!=\"1\",track=\"canary\"}[5m]))",
                "sum by (job) (rate(a{x!=\"1\"}[1h]))", "sum by (job) (a{x!=\"1\"})"
            ),
            (
                "sum(a) without (pod) + on(job) group_left(x) b",
                "sum(a{track=\"canary\"}) without (pod) + on(job) group_left(x) b{track=\"canary\"}",
                "sum(rate(a[1h])) without (pod) + on(job) group_left(x) rate(b[1h])",
                "sum(a) without (pod) + on(job) group_left(x) b"
            ),
            (
                "{__name__=~\"a|b\"}", "{__name__=~\"a|b\",track=\"canary\"}",
                "rate({__name__=~\"a|b\"}[1h])", "{__name__=~\"a|b\"}"
            ),
            (
                "max_over_time(a[5m]) > 0.5 and b",
                "max_over_time(a{track=\"canary\"}[5m]) > 0.5 and b{track=\"canary\"}",
                "max_over_time(a[1h]) > 0.5 and rate(b[1h])", "max_over_time(a[5m]) > 0.5 and b"
            ),
            (
                "a offset 5m", "a{track=\"canary\"} offset 5m", "rate(a[1h]) offset 5m",
                "a offset 5m"
            ),
            (
                "a{l='}',m=`{\\`} or vector(0)",
                "a{l=\"}\",m=\"{\\\\\",track=\"canary\"} or vector(0)",
                "rate(a{l=\"}\",m=\"{\\\\\"}[1h]) or vector(0)",
                "a{l=\"}\",m=\"{\\\\\"} or vector(0)"
            ),
            (
                "histogram_quantile(0.95, sum by (le) (rate(h_bucket[5m])))",
                "histogram_quantile(0.95, sum by (le) (rate(h_bucket{track=\"canary\"}[5m])))",
                "histogram_quantile(0.95, sum by (le) (rate(h_bucket[1h])))",
                "histogram_quantile(0.95, sum by (le) (h_bucket))"
            ),
            (
                "job:a:rate5m * 1e3", "job:a:rate5m{track=\"canary\"} * 1e3",
                "rate(job:a:rate5m[1h]) * 1e3", "job:a:rate5m * 1e3"
            ),
            ("a # of b{", "a{track=\"canary\"} # of b{", "rate(a[1h]) # of b{", "a # of b{"),
        ])
    func rewriting(_ row: (String, String, String, String)) throws {
        let query = try PromQL(row.0)
        #expect(query.selecting(track).text == row.1)
        #expect(query.over("1h") == row.2)
        #expect(query.instant == row.3)
    }

    @Test(
        "what cannot be read is told with its place",
        arguments: [
            ("", "selects no metric"), ("1 + 2", "selects no metric"), ("vector(1)", "no metric"),
            ("a{", "label's name is missing"), ("a{b", "needs ="), ("a{b=", "must be in quotes"),
            ("a{b=c}", "must be in quotes"), ("a{b=\"c}", "is not closed"),
            ("a{b=\"c\" d=\"e\"}", "a comma or }"), ("a[5m", "[ is not closed"),
            ("sum(a", "a bracket is not closed"), ("a)", "closed that is not open"),
            ("a{b==\"c\"}", "needs ="), ("sum by (a", "a bracket is not closed"),
        ])
    func faults(_ text: String, _ words: String) {
        let fault = #expect(throws: PromQL.Fault.self) { try PromQL(text) }
        #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
    }
}
