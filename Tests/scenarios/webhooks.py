"""Bodies of Alertmanager's webhooks, version 4, as it sends them."""


def webhook(*statuses, service="shop", starts="2026-11-24T10:00:00.123Z", **members):
    def alert(number, status):
        labels = {"alertname": "SLOBudgetBurn1h", "severity": "page", "slo": f"slo-{number}"}
        if service:
            labels["service"] = service
        return {
            "status": status, "labels": labels, "annotations": {"summary": "It burns."}, "startsAt": starts,
            "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2026-11-24T10:07:00.5Z",
            "generatorURL": "http://prometheus.example/graph", "fingerprint": f"c0ffee{number}"}

    return {
        "version": "4", "groupKey": '{}:{alertname="SLOBudgetBurn1h"}', "truncatedAlerts": 0, "status": statuses[0],
        "receiver": "daybook", "groupLabels": {"alertname": "SLOBudgetBurn1h"}, "commonLabels": {},
        "commonAnnotations": {}, "externalURL": "http://alertmanager.example", "newer": {"member": True},
        "alerts": [alert(number, status) for number, status in enumerate(statuses)], **members}
