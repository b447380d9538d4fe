//! scratch
#[path="suite/gadget.rs"] mod gadget;
use register::table::{self, Format};
#[test] fn speed() {
    let kinds = gadget::kinds();
    let mut text = String::from("管理番号,名称,課,関係課,上位の部品,層,状態,大きさ,個人情報,暗号化,取得日,確認日,要素数,備考,連絡先\n");
    for i in 0..100_000 { text += &format!("G-{i},端末の名前{i},情報政策課,100;300,,番号系,使用中,小,○,×,2026-04-01,令和8年4月1日,2,備考の文章{i},a@example.jp\n"); }
    eprintln!("{} MB", text.len() >> 20);
    let t = std::time::Instant::now();
    let sheets = table::read("gadget.csv", text.into_bytes()).unwrap();
    eprintln!("read {:?}", t.elapsed());
    let (tables, f) = table::assign(&kinds, sheets); assert!(f.is_empty());
    let t = std::time::Instant::now();
    let imported = register::import(&kinds, &tables, gadget::words()).unwrap();
    eprintln!("import {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let n: usize = imported.entries["gadget"].iter().map(|e| kinds[0].record(e, imported.words.schemes()).values.len()).sum();
    eprintln!("facts {n} {:?}", t.elapsed());
    let docs: Vec<_> = imported.entries["gadget"].iter().map(|e| &e.document).collect();
    let t = std::time::Instant::now();
    let csv = table::write(&kinds[0], docs.iter().copied(), &imported.words, Format::Csv, Default::default()).unwrap();
    eprintln!("write csv {} {:?}", csv.len(), t.elapsed());
    let t = std::time::Instant::now();
    let xlsx = table::write(&kinds[0], docs.iter().copied(), &imported.words, Format::Xlsx, Default::default()).unwrap();
    eprintln!("write xlsx {} {:?}", xlsx.len(), t.elapsed());
    let t = std::time::Instant::now();
    let sheets = table::read("gadget.xlsx", xlsx).unwrap();
    eprintln!("read xlsx {:?}", t.elapsed());
    let (tables, _) = table::assign(&kinds, sheets);
    let t = std::time::Instant::now();
    let again = register::import(&kinds, &tables, gadget::words()).unwrap();
    eprintln!("import xlsx {:?}", t.elapsed());
    assert_eq!(again.entries["gadget"][5].document, imported.entries["gadget"][5].document);
    let t = std::time::Instant::now();
    let p = register::plan(&kinds[0], &imported.entries["gadget"], &again.entries["gadget"]);
    eprintln!("plan {} {:?}", p.unchanged.len(), t.elapsed());
    let t = std::time::Instant::now();
    let f = table::read("x.csv", vec![b'a'; 200<<20]).unwrap_err();
    eprintln!("200MB line {} {:?}", f.code, t.elapsed());
    let bad: String = std::iter::once("code,name,status,acquired_on,office\n".to_owned()).chain((0..100_000).map(|i| format!("G-{i},n,使用中,2026-04-01,情報{i}\n"))).collect();
    let (tables, _) = table::assign(&kinds, table::read("gadget.csv", bad.into_bytes()).unwrap());
    let t = std::time::Instant::now();
    eprintln!("faults {} {:?}", register::import(&kinds, &tables, gadget::words()).unwrap_err().len(), t.elapsed());
}
#[test] fn parts() {
    let kinds = gadget::kinds();
    let mut text = String::from("管理番号,名称,課,関係課,上位の部品,層,状態,大きさ,個人情報,暗号化,取得日,確認日,要素数,備考,連絡先\n");
    for i in 0..100_000 { text += &format!("G-{i},端末の名前{i},情報政策課,100;300,,番号系,使用中,小,○,×,2026-04-01,令和8年4月1日,2,備考の文章{i},a@example.jp\n"); }
    let sheets = table::read("gadget.csv", text.into_bytes()).unwrap();
    let t = std::time::Instant::now();
    let n: usize = sheets[0].rows().map(|r| r.cells.len()).sum();
    eprintln!("rows {n} {:?}", t.elapsed());
    let mut words = gadget::words();
    let t = std::time::Instant::now();
    for row in sheets[0].rows() { words.add("gadget", &row.cells[0].shown(), &row.cells[1].shown()); }
    eprintln!("words {:?}", t.elapsed());
    let cells = ["G-5","端末の名前5","情報政策課","100;300","","番号系","使用中","小","○","×","2026-04-01","令和8年4月1日","2","備考の文章","a@example.jp"];
    let mut doc = serde_json::Map::new();
    for (f, c) in kinds[0].fields.iter().zip(cells) {
        let cell = register::Cell::from(c);
        let t = std::time::Instant::now();
        for _ in 0..100_000 { std::hint::black_box(f.read(&cell, &words).unwrap()); }
        eprintln!("{} {:?}", f.name, t.elapsed());
        doc.insert(f.name.clone(), f.read(&cell, &words).unwrap());
    }
    let t = std::time::Instant::now();
    for _ in 0..100_000 { let mut m = serde_json::Map::with_capacity(16); for (k, v) in &doc { m.insert(k.clone(), v.clone()); } std::hint::black_box(m); }
    eprintln!("map build {:?}", t.elapsed());
    let doc = serde_json::Value::Object(doc);
    let t = std::time::Instant::now();
    for _ in 0..100_000 { std::hint::black_box(kinds[0].check(&doc)); }
    eprintln!("check {:?}", t.elapsed());
}
