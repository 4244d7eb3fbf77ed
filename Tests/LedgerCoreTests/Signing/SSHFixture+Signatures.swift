// `ssh-keygen -Y sign` of OpenSSH 9.2 made the first five. The others, which it makes with a token
// or not at all, were made with pyca/cryptography. The private keys are thrown away.

extension SSHFixture {
    static let ed25519 = SSHFixture(
        what: "Ed25519",
        key: """
            ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnsDdnNtayPl8YdathurgDjMwZBH1sqR8TjX4l9tvn6
            """,
        fingerprint: "SHA256:76SRI6QXYKtuomG9U7RhswhRTyy3h3+FB1pPydpJXeM",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKewN2c21rI+Xxh1q2G6uAOMzBk
            EfWypHxONfiX22+foAAAAHZGF5Ym9vawAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQy
            NTUxOQAAAEB7LDCt3537DcQ5/c9jM94AXetIK15NOlLpIMqO4pZBV5M0GxId/mv7rjFaPk
            7FnFGi9tq0AySs3CW1CyscAjQG
            -----END SSH SIGNATURE-----

            """)

    static let ed25519WithSHA256 = SSHFixture(
        what: "Ed25519, message hashed with SHA-256",
        key: """
            ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnsDdnNtayPl8YdathurgDjMwZBH1sqR8TjX4l9tvn6
            """,
        fingerprint: "SHA256:76SRI6QXYKtuomG9U7RhswhRTyy3h3+FB1pPydpJXeM",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKewN2c21rI+Xxh1q2G6uAOMzBk
            EfWypHxONfiX22+foAAAAHZGF5Ym9vawAAAAAAAAAGc2hhMjU2AAAAUwAAAAtzc2gtZWQy
            NTUxOQAAAEArhvCk0S9ZZKxySPUDbrKLBtfQMMpy0iLJWNc5A/f/nWW3a7O+1QlBGGyBpv
            g/zZIjgCzJq+v5EsnLjl0cujYP
            -----END SSH SIGNATURE-----

            """)

    static let p256 = SSHFixture(
        what: "ECDSA P-256",
        key: """
            ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOhvaTPt\
            lpkPFqi5Oh8OlVgS8M+4L3yd9VBlpbdWK8Hm8X4U7WfSFc+h2yhBcWHD6eBLxVh15+1wFvC8f2zR2c4=
            """,
        fingerprint: "SHA256:oA3IXxZhPpHUTyPBseZarRDn6VkiCA8/sItO4ac5jXI",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
            EE6G9pM+2WmQ8WqLk6Hw6VWBLwz7gvfJ31UGWlt1YrwebxfhTtZ9IVz6HbKEFxYcPp4EvF
            WHXn7XAW8Lx/bNHZzgAAAAdkYXlib29rAAAAAAAAAAZzaGE1MTIAAABkAAAAE2VjZHNhLX
            NoYTItbmlzdHAyNTYAAABJAAAAIQD3wiXkPDSRtNzF8A3QY3RZaMcSdOlTl3F2xbCC7lgc
            tAAAACA/DT+bada6UvUGEC3MWEQ1caginliey/xlHkbMDJREJQ==
            -----END SSH SIGNATURE-----

            """)

    static let p384 = SSHFixture(
        what: "ECDSA P-384",
        key: """
            ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBNN2BZdw\
            nGSWzBXu2s9anvYvxbWueKB8OLpMWwjWBsKxYHVyHOnh0PlwmuFPwH9JYc4RMBrUecEdMGyb8SOj6F4y\
            qooXRb9uiOkFiszX2tfm+kosViZ4keZDfWzn2p6Gug==
            """,
        fingerprint: "SHA256:fp/sOMKyNZfuzswcrUJpGHolMJXC+/RavNBakTujZCI",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAG
            EE03YFl3CcZJbMFe7az1qe9i/Fta54oHw4ukxbCNYGwrFgdXIc6eHQ+XCa4U/Af0lhzhEw
            GtR5wR0wbJvxI6PoXjKqihdFv26I6QWKzNfa1+b6SixWJniR5kN9bOfanoa6AAAAB2RheW
            Jvb2sAAAAAAAAABnNoYTUxMgAAAIMAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAGgAAAAw
            KsVUjFoJu7PK7JVDrF20uE4Dp+Ez++OdKdMfeGlnNfL76koNd5UkG5z92fHk/tDzAAAAMB
            g8EUdrD/CxhO48k+ZrkvcxLc5fotD4V9VAt8koWyAlTg/k+E+697BA/CUm56QkWQ==
            -----END SSH SIGNATURE-----

            """)

    static let rsa = SSHFixture(
        what: "RSA, rsa-sha2-512",
        key: """
            ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDS8FHJCl4WxVTJFrNbcQAvpO6oXXVuutcZrvOFtJhR\
            XU1DJcHGbmP4552avDsgCNE7jFxR5za7Vx+NkZNjEmyFC3d2LpXq4Pj4qy0wAmGaPpTHGB0AQhfllsN7\
            Ve0Nv5iekDV09OQBS+Wiznk3SKeoAQBsYdN+ZTfZOy1V57DzorErPevYG2MzDj0yeaGQY92yHzTOlKdl\
            w8RKZQE00BmmELXlmy+qBH49bXytqHMJzw9F+phKdpdfOAY1edLljwKjc9ZmxiMrL9fY6hV3TRI0KmHJ\
            Cpvzq4nUhrLmAAS6eEqTSBGK9qiQYNEhQefNox0sJqH0209Zja0QAUH9nP6b
            """,
        fingerprint: "SHA256:XBTptjQpv/bawbnQjFD5dItBBtIoWvZy4mlySL4TFJA",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBANLwUckKXhbFVMkWs1txAC
            +k7qhddW661xmu84W0mFFdTUMlwcZuY/jnnZq8OyAI0TuMXFHnNrtXH42Rk2MSbIULd3Yu
            lerg+PirLTACYZo+lMcYHQBCF+WWw3tV7Q2/mJ6QNXT05AFL5aLOeTdIp6gBAGxh035lN9
            k7LVXnsPOisSs969gbYzMOPTJ5oZBj3bIfNM6Up2XDxEplATTQGaYQteWbL6oEfj1tfK2o
            cwnPD0X6mEp2l184BjV50uWPAqNz1mbGIysv19jqFXdNEjQqYckKm/OridSGsuYABLp4Sp
            NIEYr2qJBg0SFB582jHSwmofTbT1mNrRABQf2c/psAAAAHZGF5Ym9vawAAAAAAAAAGc2hh
            NTEyAAABFAAAAAxyc2Etc2hhMi01MTIAAAEAhWw7UwzL2rlAdEv5VwkPnuvYWehMuU7xBm
            VVdvI527xa7iPnVRhDtA5FRU0/DECm4h1aVCwtl2MvVjHZQ6yo4/yIzb97x4H63h5Izvqo
            BzZsPFxlOGW584Ss5Aqh9+p8AiAcrqJ9a8JfolFgp7UKqHc331nyi76kc6YkXAytVp7HlQ
            MfGDIr16jEVI8nswmr4pRmA0MDvgJGzyT6kJaSV1Fa2AdLkMBg+5oljA/8Uius278pGJKT
            J58Rc/bBXg39BK9xyIIbdWxG6Q7InhyNCUN46qIWjupsfXrYjiK4uNvrSyNbrPNOzGd/AB
            f5UBC7+xxXIwu2Rk6jE+E2GLwZSA==
            -----END SSH SIGNATURE-----

            """)

    static let rsaWithSHA256 = SSHFixture(
        what: "RSA, rsa-sha2-256",
        key: """
            ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDS8FHJCl4WxVTJFrNbcQAvpO6oXXVuutcZrvOFtJhR\
            XU1DJcHGbmP4552avDsgCNE7jFxR5za7Vx+NkZNjEmyFC3d2LpXq4Pj4qy0wAmGaPpTHGB0AQhfllsN7\
            Ve0Nv5iekDV09OQBS+Wiznk3SKeoAQBsYdN+ZTfZOy1V57DzorErPevYG2MzDj0yeaGQY92yHzTOlKdl\
            w8RKZQE00BmmELXlmy+qBH49bXytqHMJzw9F+phKdpdfOAY1edLljwKjc9ZmxiMrL9fY6hV3TRI0KmHJ\
            Cpvzq4nUhrLmAAS6eEqTSBGK9qiQYNEhQefNox0sJqH0209Zja0QAUH9nP6b
            """,
        fingerprint: "SHA256:XBTptjQpv/bawbnQjFD5dItBBtIoWvZy4mlySL4TFJA",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBANLwUckKXhbFVMkWs1txAC
            +k7qhddW661xmu84W0mFFdTUMlwcZuY/jnnZq8OyAI0TuMXFHnNrtXH42Rk2MSbIULd3Yu
            lerg+PirLTACYZo+lMcYHQBCF+WWw3tV7Q2/mJ6QNXT05AFL5aLOeTdIp6gBAGxh035lN9
            k7LVXnsPOisSs969gbYzMOPTJ5oZBj3bIfNM6Up2XDxEplATTQGaYQteWbL6oEfj1tfK2o
            cwnPD0X6mEp2l184BjV50uWPAqNz1mbGIysv19jqFXdNEjQqYckKm/OridSGsuYABLp4Sp
            NIEYr2qJBg0SFB582jHSwmofTbT1mNrRABQf2c/psAAAAHZGF5Ym9vawAAAAAAAAAGc2hh
            NTEyAAABFAAAAAxyc2Etc2hhMi0yNTYAAAEAGlHWthHU7F7QHY6ARnc76utMUJXKjhVH4s
            KJCBvkNOruVL3TCbpXIrfLfaYFLx+k758yYUuNTAq87HyAneGV2UlqyIklzRFJ3n+o+m+Y
            xHbiD12EGaf97Vf0DBst6wAGZ5wHIOlQMavsQo3quy/P3r0U8fQUV38WylOCkIYvvMYCLh
            oHsjhx2sAImxtwxSV/lI7/8VPFo3XDQUjOw2jei2GlgwbARc0ZM1hJmqKFdrG2tV87GEYy
            g2KVF/UHXaSsjTila4jrkDMlzfUmNTGXD8Uz/ATzRjD56T0fqOR76Fl1vcdBvvJ9iNsXOn
            KvjV9K9xSCaV1H44FRJgXDQ7rdGw==
            -----END SSH SIGNATURE-----

            """)

    static let rsaWithSHA1 = SSHFixture(
        what: "RSA, ssh-rsa",
        key: """
            ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDS8FHJCl4WxVTJFrNbcQAvpO6oXXVuutcZrvOFtJhR\
            XU1DJcHGbmP4552avDsgCNE7jFxR5za7Vx+NkZNjEmyFC3d2LpXq4Pj4qy0wAmGaPpTHGB0AQhfllsN7\
            Ve0Nv5iekDV09OQBS+Wiznk3SKeoAQBsYdN+ZTfZOy1V57DzorErPevYG2MzDj0yeaGQY92yHzTOlKdl\
            w8RKZQE00BmmELXlmy+qBH49bXytqHMJzw9F+phKdpdfOAY1edLljwKjc9ZmxiMrL9fY6hV3TRI0KmHJ\
            Cpvzq4nUhrLmAAS6eEqTSBGK9qiQYNEhQefNox0sJqH0209Zja0QAUH9nP6b
            """,
        fingerprint: "SHA256:XBTptjQpv/bawbnQjFD5dItBBtIoWvZy4mlySL4TFJA",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBANLwUckKXhbFVMkWs1txAC
            +k7qhddW661xmu84W0mFFdTUMlwcZuY/jnnZq8OyAI0TuMXFHnNrtXH42Rk2MSbIULd3Yu
            lerg+PirLTACYZo+lMcYHQBCF+WWw3tV7Q2/mJ6QNXT05AFL5aLOeTdIp6gBAGxh035lN9
            k7LVXnsPOisSs969gbYzMOPTJ5oZBj3bIfNM6Up2XDxEplATTQGaYQteWbL6oEfj1tfK2o
            cwnPD0X6mEp2l184BjV50uWPAqNz1mbGIysv19jqFXdNEjQqYckKm/OridSGsuYABLp4Sp
            NIEYr2qJBg0SFB582jHSwmofTbT1mNrRABQf2c/psAAAAHZGF5Ym9vawAAAAAAAAAGc2hh
            NTEyAAABDwAAAAdzc2gtcnNhAAABAHVsmbOg1WbkXSMJbRWg+HKaGYG2CroTFFd9EnKrol
            Ih5KJJRYw/zxkEAsqZQvs5KuS8T1+1UUk1A4+Cc+oI9gG9Eob7cqMoruMu2rOj6CcBfceq
            rah+ZlDPuuI7V4lJ59HxE6GyNdRBK6Kk7gViHXV+6C/zm4PR/+YC9pONZZE810SCEAieb8
            NVKnoeEJag13ZkjZ4XvgeRCJ4aCQzp54swpIlwdniaVE0rXkIpF94nNWu4xApb3rb9TxSg
            588CqeUpeARH6QKSv27czfjATCkVAaLJppB4sP02vxH87e0isjV1jSejC1og0sYHzpweur
            T5asLd7KtPCicu846uAlM=
            -----END SSH SIGNATURE-----

            """)

    static let tokenEd25519 = SSHFixture(
        what: "Ed25519 in a token",
        key: """
            sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAICVDuS/xC\
            VURR2rcg2nbbdyTNmWhGXjdoUBO4QZsqVWdAAAABHNzaDo=
            """,
        fingerprint: "SHA256:WRiP3BbsGU33nCLFokYIZ2vIUVmrlIQoOm8espEIorc",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAgJUO5L/
            EJVRFHatyDadtt3JM2ZaEZeN2hQE7hBmypVZ0AAAAEc3NoOgAAAAdkYXlib29rAAAAAAAA
            AAZzaGE1MTIAAABnAAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAQPERnFMxqO
            WIn+N72UILCW29TvNQfJ6xZ1zfT245ww/FhYEAdm3k6+Wi5D12yOCHYyzENlz+G/zFTLLc
            +CDfiwUBAAAABw==
            -----END SSH SIGNATURE-----

            """)

    static let tokenEd25519Untouched = SSHFixture(
        what: "Ed25519 in a token that nobody touched",
        key: """
            sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAICVDuS/xC\
            VURR2rcg2nbbdyTNmWhGXjdoUBO4QZsqVWdAAAABHNzaDo=
            """,
        fingerprint: "SHA256:WRiP3BbsGU33nCLFokYIZ2vIUVmrlIQoOm8espEIorc",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAgJUO5L/
            EJVRFHatyDadtt3JM2ZaEZeN2hQE7hBmypVZ0AAAAEc3NoOgAAAAdkYXlib29rAAAAAAAA
            AAZzaGE1MTIAAABnAAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAQJpoGjZ+bP
            pVHXpwgS8sGE4qln0rbWcYrvMg0Q9qq/eXw1PkzwQUa/wMWVYSDVAvI0LPl8s4qjqBqRR6
            V4ij0gwEAAAABw==
            -----END SSH SIGNATURE-----

            """)

    static let tokenP256 = SSHFixture(
        what: "ECDSA P-256 in a token",
        key: """
            sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNza\
            C5jb20AAAAIbmlzdHAyNTYAAABBBOhvaTPtlpkPFqi5Oh8OlVgS8M+4L3yd9VBlpbdWK8Hm8X4U7WfSF\
            c+h2yhBcWHD6eBLxVh15+1wFvC8f2zR2c4AAAAEc3NoOg==
            """,
        fingerprint: "SHA256:LuSZWqvx1ezVP1fJywlN8ja7/SlE7wG07p/P1Skj7zk",
        armour: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAH8AAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQ
            AAAAhuaXN0cDI1NgAAAEEE6G9pM+2WmQ8WqLk6Hw6VWBLwz7gvfJ31UGWlt1YrwebxfhTt
            Z9IVz6HbKEFxYcPp4EvFWHXn7XAW8Lx/bNHZzgAAAARzc2g6AAAAB2RheWJvb2sAAAAAAA
            AABnNoYTUxMgAAAHkAAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQAA
            AEoAAAAhAO8+J4cZ1WWkzThaOfnBCvQBx+85TlnK6uRV/svQn59fAAAAIQDgW9VoY36P2X
            HbdrGcYpv1bJOtlNcKvo+zbPJdRnxfOgUBAgME
            -----END SSH SIGNATURE-----

            """)
}
