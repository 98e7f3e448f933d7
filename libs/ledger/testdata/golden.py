"""Makes golden-chain.json: a ledger of ten entries by Python's json and hashlib and OpenSSL's Ed25519, none of it ours.

    python3 golden.py > golden-chain.json        (Python 3.11, OpenSSL 3.0)

Python sorts members by code point and writes floats by its own rules; the values below are ones for which both agree with
RFC 8785 (members below U+D800, numbers of 0.0001 to 1e16 or far below). The private key is made for this file and thrown away.
"""
import base64, hashlib, json, subprocess, sys, tempfile

def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

def openssl(*args, given=None):
    return subprocess.run(["openssl", *args], input=given, capture_output=True, check=True).stdout

PAYLOADS = [
    {},
    {"narration": "Asalto en Jr. Moquegua 310 «a mano armada»\n\t\"corran\" \\ €"},
    {"latitudeDeg": -17.6459, "longitudeDeg": -71.3453, "accuracyM": 0.1},
    {"ñandú": True, "Zona": None, "zona": [1, [2, []], {}], "😀": "😀", "€": 0.0001},
    {"big": 9007199254740991, "small": -9007199254740991, "zero": 0, "tiny": 5e-324},
    {"control": "\u0000\u0001\u001f\u007f\u2028\b\f\r"},
    {"z": {"b": 1, "a": {"d": False, "c": [None, True]}}},
    {"units": ["MU-01", "MU-02"], "etaS": 184.5},
    {"text": "x" * 5000},
    {"reason": "patrulla ocupada"},
]

with tempfile.TemporaryDirectory() as folder:
    private = f"{folder}/key.pem"
    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    spki = openssl("pkey", "-in", private, "-pubout", "-outform", "DER")
    key_id = hashlib.sha256(spki).hexdigest()[:16]
    rows, prev = [], "0" * 64
    for seq, payload in enumerate(PAYLOADS, 1):
        event = {
            "seq": seq,
            "prev": prev,
            "atMs": 1795478900000 + seq * 137,
            "kind": "incident:opened" if seq % 3 else "unit:statusChanged",
            "subject": {"type": "incident" if seq % 3 else "unit", "id": f"2026-{seq:06d}"},
            "actor": {"type": "system", "id": "api"} if seq == 1 else {"type": "account", "id": "a-7", "name": "Ñusta Quispe"},
            "commandId": f"019ab000-0000-7000-8000-{seq:012d}",
            "payload": payload,
        }
        text = canonical(event)
        prev = hashlib.sha256(text.encode("utf-8")).hexdigest()
        rows.append({"text": text, "hash": prev})
    head = {"seq": len(rows), "hash": prev, "atMs": 1795478999000, "keyId": key_id}
    signed = f"{folder}/head"
    with open(signed, "wb") as file:
        file.write(canonical(head).encode("utf-8"))
    signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", private, "-in", signed)
    head["signature"] = base64.b64encode(signature).decode()
    json.dump({"publicKey": base64.b64encode(spki).decode(), "head": head, "rows": rows}, sys.stdout, ensure_ascii=False, indent=1)
    print()
